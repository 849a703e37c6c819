import type { News } from "@/lib/news/news";

/** The server sends something at least every ten seconds, if only that there is no news. */
export const SILENT_FOR_AT_MOST_MS = 25_000;
/** Waits before another try grow from the first to the second, since every try is a request. */
const RETRY_AFTER_MS = 30_000;
export const RETRY_AFTER_AT_MOST_MS = 600_000;

interface StreamEvents {
  /** Where the next connection starts. */
  cursor: () => string;
  onNews: (news: News) => void;
  /** The stream brings nothing for now; it goes on trying. */
  onLost: () => void;
}

/** The server's stream of news. It opens again by itself, less and less often while it brings nothing. */
export class NewsStream {
  private source: EventSource | undefined;
  /** This connection has brought news, so the browser may repair it once. */
  private hasBroughtNews = false;
  private retryAfterMs = RETRY_AFTER_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly events: StreamEvents) {}

  readonly open = (): void => {
    this.source?.close();
    this.hasBroughtNews = false;
    this.source = new EventSource(`/api/news/stream?after=${encodeURIComponent(this.events.cursor())}`);
    this.source.onmessage = ({ data }: MessageEvent<string>) => this.receive(JSON.parse(data) as News);
    this.source.onerror = () => this.fail();
    // A connection may be open and bring nothing, as behind a proxy that gathers events first.
    this.expectNews();
  };

  close(): void {
    this.source?.close();
    clearTimeout(this.timer);
  }

  private receive(news: News): void {
    this.hasBroughtNews = true;
    this.retryAfterMs = RETRY_AFTER_MS;
    this.expectNews();
    this.events.onNews(news);
  }

  /** The browser connects again by itself after a connection that broke, but not after one that was refused. */
  private fail(): void {
    const isRepaired = this.hasBroughtNews && this.source?.readyState !== EventSource.CLOSED;
    this.hasBroughtNews = false;
    if (isRepaired) this.events.onLost();
    else this.giveUp();
  }

  private readonly giveUp = (): void => {
    this.source?.close();
    this.events.onLost();
    this.wait(this.retryAfterMs, this.open);
    this.retryAfterMs = Math.min(this.retryAfterMs * 4, RETRY_AFTER_AT_MOST_MS);
  };

  private expectNews(): void {
    this.wait(SILENT_FOR_AT_MOST_MS, this.giveUp);
  }

  private wait(ms: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, ms);
  }
}
