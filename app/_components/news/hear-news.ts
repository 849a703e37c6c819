import type { QueryClient } from "@tanstack/react-query";
import { createNewsApplier, type NewsApplier } from "@/app/_components/news/apply-news";
import { NewsStream, RETRY_AFTER_AT_MOST_MS, SILENT_FOR_AT_MOST_MS } from "@/app/_components/news/news-stream";
import { isHearingNews, setHearingNews } from "@/app/_components/news/pace";
import { fetchJson, RefusedError } from "@/app/fetch-json";
import type { News } from "@/lib/news/news";

/** After this the tab that has the stream is taken to be frozen, and another one takes its place. */
const LEADER_SILENT_FOR_AT_MOST_MS = 60_000;
/** Waits between requests without a stream: while something moves anywhere, and otherwise. */
const ASK_WHILE_MOVING_MS = 750;
const ASK_OTHERWISE_MS = 30_000;
/** The effect of a person's action is there a moment later. */
const AFTER_DEED_MS = 300;
const ASK_AFTER_FIRST_FAILURE_MS = 1_000;
const ASK_AFTER_FAILURE_MS = 5_000;
/** A single request without an answer is no reason to doubt what is on the screen. */
const FAILURES_BORNE = 1;
/** Name of the lock and the channel that the tabs of a browser share. */
const STREAM = "sixtyfour-news";

/** The message of the tab that has the stream to the others. */
type StreamMessage = { news: News } | { isLost: true };

interface HearNewsOptions {
  hasStream: boolean;
  /** The moment when the server drew the page, in Unix milliseconds: what came since is news. */
  renderedAt: number;
}

/**
 * Hears of news from now on, and has the tab show them. One tab of the browser has the stream and passes it on: with
 * HTTP/1.1 a browser has six connections for all of them. Where there is no stream, each visible tab asks.
 *
 * @returns ends that
 */
export function hearNews(queryClient: QueryClient, options: HearNewsOptions): () => void {
  const listener = new NewsListener(queryClient, options);
  listener.start();
  return () => listener.stop();
}

class NewsListener {
  private readonly applier: NewsApplier;
  private readonly stopped = new AbortController();
  /** Null where there is no stream. */
  private readonly channel: BroadcastChannel | null;
  /** Where the news that this tab has heard end. */
  private cursor: string;
  /** The last message of the stream; 0 while it is lost. */
  private streamHeardAt = 0;
  private leaderHeardAt = Date.now();
  /** Requests without an answer, one after another. */
  private failures = 0;
  private isAsking = false;
  private isAskedAgain = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly queryClient: QueryClient,
    { hasStream, renderedAt }: HearNewsOptions,
  ) {
    this.applier = createNewsApplier(queryClient);
    this.cursor = String(renderedAt);
    // Both need a secure connection, and all browsers of today have them.
    const mayStream = hasStream && "locks" in navigator && typeof BroadcastChannel !== "undefined";
    this.channel = mayStream ? new BroadcastChannel(STREAM) : null;
  }

  start(): void {
    const { signal } = this.stopped;
    document.addEventListener("visibilitychange", () => this.onVisibility(), { signal });
    window.addEventListener("online", () => this.askIn(0), { signal });
    // Another page may show what moves, and what a person did may have set something going.
    const unsubscribe = this.queryClient.getQueryCache().subscribe((event) => {
      const isDeed = event.type === "updated" && event.action.type === "invalidate";
      if (isDeed || event.type === "observerAdded") this.askIn(AFTER_DEED_MS);
    });
    signal.addEventListener("abort", unsubscribe, { once: true });
    if (this.channel) {
      this.channel.onmessage = ({ data }: MessageEvent<StreamMessage>) => this.hearStream(data);
      void this.lead({ signal });
    }
    this.askIn(0);
  }

  stop(): void {
    this.stopped.abort();
    clearTimeout(this.timer);
    this.channel?.close();
    this.applier.stop();
  }

  private onVisibility(): void {
    if (document.hidden) return;
    this.applier.show();
    this.askIn(0);
  }

  private hear(news: News): void {
    this.cursor = news.cursor;
    this.failures = 0;
    setHearingNews(true);
    this.applier.hear(news);
  }

  private hearStream(message: StreamMessage): void {
    this.leaderHeardAt = Date.now();
    if ("news" in message) {
      this.streamHeardAt = Date.now();
      this.hear(message.news);
    } else {
      // The leader is there, and tries less and less often.
      this.leaderHeardAt += RETRY_AFTER_AT_MOST_MS;
      const wasHeard = this.streamHeardAt > 0;
      this.streamHeardAt = 0;
      if (wasHeard) this.askIn(0);
    }
  }

  private askIn(ms: number): void {
    clearTimeout(this.timer);
    if (!this.stopped.signal.aborted && !document.hidden) this.timer = setTimeout(() => void this.ask(), ms);
  }

  /** Asks for news, unless the stream brings them; then decides when to do so again. */
  private async ask(): Promise<void> {
    const untilSilentMs = this.streamHeardAt + SILENT_FOR_AT_MOST_MS - Date.now();
    if (untilSilentMs > 0) return this.askIn(untilSilentMs);
    if (this.isAsking) {
      this.isAskedAgain = true;
      return;
    }
    this.isAsking = true;
    this.isAskedAgain = false;
    const waitMs = await this.requestNews();
    this.isAsking = false;
    if (this.channel && Date.now() - this.leaderHeardAt > LEADER_SILENT_FOR_AT_MOST_MS) void this.lead({ steal: true });
    this.askIn(this.isAskedAgain ? 0 : waitMs);
  }

  /** @returns the wait before the next request */
  private async requestNews(): Promise<number> {
    const afterFailureMs = this.failures === 0 ? ASK_AFTER_FIRST_FAILURE_MS : ASK_AFTER_FAILURE_MS;
    try {
      const { isMoving, ...news } = await fetchJson<News & { isMoving: boolean }>(
        `/api/news?after=${encodeURIComponent(this.cursor)}`,
        this.stopped.signal,
      );
      this.hear(news);
      return isMoving ? ASK_WHILE_MOVING_MS : ASK_OTHERWISE_MS;
    } catch (error) {
      this.failures += 1;
      const isSignedOut = error instanceof RefusedError && error.status === 401;
      if (isSignedOut || this.failures > FAILURES_BORNE) this.doubt();
      return isSignedOut ? ASK_OTHERWISE_MS : afterFailureMs;
    }
  }

  /** What is on the screen may be old: each query finds out for itself, and says so where it can't. */
  private doubt(): void {
    if (this.stopped.signal.aborted || !isHearingNews()) return;
    setHearingNews(false);
    void this.queryClient.invalidateQueries();
  }

  /** Waits until the stream is this tab's, or takes it, and has it until the end or until another tab takes it. */
  private async lead(options: { signal: AbortSignal } | { steal: true }): Promise<void> {
    this.leaderHeardAt = Date.now();
    const { signal } = this.stopped;
    const stream = new NewsStream({
      cursor: () => this.cursor,
      onNews: (news) => this.tell({ news }),
      onLost: () => this.tell({ isLost: true }),
    });
    const ended = new AbortController();
    try {
      await navigator.locks.request(STREAM, options, () => {
        stream.open();
        window.addEventListener("online", stream.open, { signal: ended.signal });
        return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      });
    } catch {
      // Another tab took it, or this one is at its end.
    }
    stream.close();
    ended.abort();
    if (!signal.aborted) void this.lead({ signal });
  }

  private tell(message: StreamMessage): void {
    this.channel?.postMessage(message);
    this.hearStream(message);
  }
}
