/** How often queries ask by themselves: seldom while news say when there is something to ask for, else as often as needed. */

/** News can be lost in ways that nobody thought of. */
const EVEN_SO_EVERY_MS = 180_000;

/** Until it turns out that there are none: what a page was sent with need not be asked for at once. */
let isHearing = true;

/** Whether this tab hears of news, by the stream or by asking for them. */
export const isHearingNews = () => isHearing;

export function setHearingNews(is: boolean): void {
  isHearing = is;
}

interface PacedQuery {
  state: { status: string; data: unknown; dataUpdatedAt: number; errorUpdatedAt: number };
}

/** A server that is away for long is asked less and less often, up to this. */
const AFTER_ERROR_AT_MOST_MS = 10_000;
/** The wait grows by this share of the time since the last answer. */
const WAIT_SHARE = 0.25;

/**
 * For `refetchInterval`: what can't be had now, or is not told of, is asked for each `withoutNewsMs`. A list of many pages
 * is asked for page by page, so less often.
 */
export function pacedByNews(
  { state: { status, data, dataUpdatedAt, errorUpdatedAt } }: PacedQuery,
  withoutNewsMs: number,
  withNewsMs = EVEN_SO_EVERY_MS,
): number {
  if (status === "error") {
    const waitMs = (errorUpdatedAt - dataUpdatedAt) * WAIT_SHARE;
    return Math.max(Math.min(waitMs, AFTER_ERROR_AT_MOST_MS), withoutNewsMs);
  }
  return isHearing ? withNewsMs * pageCountOf(data) : withoutNewsMs;
}

/** Whether something that is only ever patched, and so never asked for by itself, was last asked for too long ago. */
export function isDueEvenSo({ state: { data, dataUpdatedAt } }: PacedQuery): boolean {
  return Date.now() - dataUpdatedAt > EVEN_SO_EVERY_MS * pageCountOf(data);
}

/** How many requests it takes to ask for this again. */
export function pageCountOf(data: unknown): number {
  const pages = (data as { pages?: unknown[] } | undefined)?.pages;
  return Math.max(pages?.length ?? 1, 1);
}
