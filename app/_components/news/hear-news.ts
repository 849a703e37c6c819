import type { QueryClient } from "@tanstack/react-query";
import { createNewsApplier } from "@/app/_components/news/apply-news";
import { isHearingNews, setHearingNews } from "@/app/_components/news/pace";
import { fetchJson, RefusedError } from "@/app/fetch-json";
import type { News } from "@/lib/news/news";

/** The stream says something each ten seconds, if only that there is no news. */
const SILENT_FOR_AT_MOST_MS = 25_000;
/** Then the tab that has the stream is taken to be frozen, and another one takes its place. */
const LEADER_SILENT_FOR_AT_MOST_MS = 60_000;
/** At first; then less and less often, since every try is a request. */
const STREAM_AGAIN_AFTER_MS = 30_000;
const STREAM_AGAIN_AFTER_AT_MOST_MS = 600_000;
/** Without a stream: while something moves anywhere, and otherwise. */
const ASK_WHILE_MOVING_MS = 750;
const ASK_OTHERWISE_MS = 30_000;
/** What a deed brings is there a moment later. */
const AFTER_DEED_MS = 300;
const ASK_AFTER_FIRST_FAILURE_MS = 1_000;
const ASK_AFTER_FAILURE_MS = 5_000;
/** One answer that did not come is no reason to doubt what is on the screen. */
const FAILURES_BORNE = 1;
/** The browser's name for what only one of its tabs has. */
const STREAM = "sixtyfour-news";

/** What the tab that has the stream tells the others. */
type Told = { news: News } | { isLost: true };

/**
 * Hears of news from now on, and has the tab show them. One tab of the browser has the stream and passes it on: with
 * HTTP/1.1 a browser has six connections for all of them. Where there is no stream, each tab that is looked at asks.
 *
 * @param renderedAt when the server drew the page, in Unix milliseconds: what came since is news
 * @returns ends that
 */
export function hearNews(
  queryClient: QueryClient,
  { hasStream, renderedAt }: { hasStream: boolean; renderedAt: number },
): () => void {
  const applier = createNewsApplier(queryClient);
  const stopped = new AbortController();
  // Both come with a secure connection, and with all browsers of today.
  const mayStream = hasStream && "locks" in navigator && typeof BroadcastChannel !== "undefined";
  const channel = mayStream ? new BroadcastChannel(STREAM) : null;
  let cursor = String(renderedAt);
  let streamHeardAt = 0;
  let leaderHeardAt = Date.now();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isAskedAgain = false;

  const hear = (news: News) => {
    cursor = news.cursor;
    failures = 0;
    setHearingNews(true);
    applier.hear(news);
  };

  const hearStream = (told: Told) => {
    leaderHeardAt = Date.now();
    if ("isLost" in told) {
      // It is there, and tries less and less often.
      leaderHeardAt += STREAM_AGAIN_AFTER_AT_MOST_MS;
      const wasHeard = streamHeardAt > 0;
      streamHeardAt = 0;
      if (wasHeard) lookIn(0);
    } else {
      streamHeardAt = Date.now();
      hear(told.news);
    }
  };

  const lookIn = (ms: number) => {
    clearTimeout(timer);
    if (!stopped.signal.aborted && !document.hidden) timer = setTimeout(look, ms);
  };

  /** Asks for news, unless the stream brings them. */
  const look = async () => {
    const untilSilentMs = streamHeardAt + SILENT_FOR_AT_MOST_MS - Date.now();
    if (untilSilentMs > 0) return lookIn(untilSilentMs);
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    isAskedAgain = false;
    let waitMs = failures === 0 ? ASK_AFTER_FIRST_FAILURE_MS : ASK_AFTER_FAILURE_MS;
    try {
      const { isMoving, ...news } = await fetchJson<News & { isMoving: boolean }>(
        `/api/news?after=${encodeURIComponent(cursor)}`,
        stopped.signal,
      );
      hear(news);
      waitMs = isMoving ? ASK_WHILE_MOVING_MS : ASK_OTHERWISE_MS;
    } catch (error) {
      failures += 1;
      const isSignedOut = error instanceof RefusedError && error.status === 401;
      if (isSignedOut) waitMs = ASK_OTHERWISE_MS;
      if (isSignedOut || failures > FAILURES_BORNE) doubt();
    }
    isAsking = false;
    if (channel && Date.now() - leaderHeardAt > LEADER_SILENT_FOR_AT_MOST_MS) void lead(true);
    lookIn(isAskedAgain ? 0 : waitMs);
  };

  /** What is on the screen may be old: each query finds out for itself, and says so where it can't. */
  const doubt = () => {
    if (stopped.signal.aborted || !isHearingNews()) return;
    setHearingNews(false);
    void queryClient.invalidateQueries();
  };

  /** Waits until the stream is this tab's, and has it until the end or until another tab takes it. */
  const lead = async (isTakingIt: boolean): Promise<void> => {
    leaderHeardAt = Date.now();
    const options = isTakingIt ? { steal: true } : { signal: stopped.signal };
    let end = () => {};
    try {
      await navigator.locks.request(STREAM, options, () => {
        end = openStream();
        return new Promise<void>((resolve) => {
          stopped.signal.addEventListener("abort", () => resolve(), { once: true });
        });
      });
    } catch {
      // It was taken, or this tab is at its end.
      end();
      if (!stopped.signal.aborted) void lead(false);
    }
    end();
  };

  const openStream = (): (() => void) => {
    let source: EventSource | undefined;
    let hasBrought = false;
    let againAfterMs = STREAM_AGAIN_AFTER_MS;
    let mending: ReturnType<typeof setTimeout> | undefined;
    const tell = (told: Told) => {
      channel?.postMessage(told);
      hearStream(told);
    };
    const mendIn = (ms: number, mend: () => void) => {
      clearTimeout(mending);
      mending = setTimeout(mend, ms);
    };
    const giveUp = () => {
      source?.close();
      tell({ isLost: true });
      mendIn(againAfterMs, open);
      againAfterMs = Math.min(againAfterMs * 4, STREAM_AGAIN_AFTER_AT_MOST_MS);
    };
    const open = () => {
      source?.close();
      hasBrought = false;
      source = new EventSource(`/api/news/stream?after=${encodeURIComponent(cursor)}`);
      source.onmessage = ({ data }: MessageEvent<string>) => {
        hasBrought = true;
        againAfterMs = STREAM_AGAIN_AFTER_MS;
        mendIn(SILENT_FOR_AT_MOST_MS, giveUp);
        tell({ news: JSON.parse(data) as News });
      };
      source.onerror = () => {
        // One that broke the browser makes anew, once; what is refused or can't be reached is left alone for a while.
        if (!hasBrought || source?.readyState === EventSource.CLOSED) return giveUp();
        hasBrought = false;
        tell({ isLost: true });
      };
      // It may be open and bring nothing, as behind a proxy that gathers events first.
      mendIn(SILENT_FOR_AT_MOST_MS, giveUp);
    };
    open();
    window.addEventListener("online", open);
    return () => {
      source?.close();
      clearTimeout(mending);
      window.removeEventListener("online", open);
    };
  };

  const onVisibility = () => {
    if (document.hidden) return;
    applier.show();
    lookIn(0);
  };
  const onOnline = () => lookIn(0);
  // Another page may show what moves, and what a person did may have set something going.
  const unsubscribe = queryClient.getQueryCache().subscribe((event) => {
    const isDeed = event.type === "updated" && event.action.type === "invalidate";
    if (isDeed || event.type === "observerAdded") lookIn(AFTER_DEED_MS);
  });
  document.addEventListener("visibilitychange", onVisibility);
  window.addEventListener("online", onOnline);
  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<Told>) => hearStream(data);
    void lead(false);
  }
  lookIn(0);

  return () => {
    stopped.abort();
    clearTimeout(timer);
    unsubscribe();
    document.removeEventListener("visibilitychange", onVisibility);
    window.removeEventListener("online", onOnline);
    channel?.close();
    applier.stop();
  };
}
