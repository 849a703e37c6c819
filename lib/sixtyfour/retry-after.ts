/** The longest wait that an answer can impose on the app. A wrong header must not stop it for days. */
export const MAX_RETRY_AFTER_SECONDS = 3_600;

export interface RetryAfter {
  /** Seconds to wait, at most {@link MAX_RETRY_AFTER_SECONDS}. */
  seconds: number;
  /** A sentence for a person where the answer asked for a longer wait than that; null otherwise. */
  note: string | null;
}

/**
 * Reads Retry-After in either of its two forms (RFC 9110, 10.2.3). A date is compared with the answer's own Date header,
 * so the server's clock need not agree with ours.
 *
 * @returns null where the header is missing or unreadable
 */
export function readRetryAfter(headers: Headers): RetryAfter | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  const asked = /^\d+(\.\d+)?$/.test(value) ? Math.ceil(Number(value)) : secondsUntil(value, headers.get("date"));
  if (asked === null) return null;
  const note =
    asked > MAX_RETRY_AFTER_SECONDS
      ? `The server asked to wait ${waitWords(asked)}; the app tries again within an hour.`
      : null;
  return { seconds: clampRetryAfter(asked), note };
}

/** Returns a wait in seconds between 0 and {@link MAX_RETRY_AFTER_SECONDS}. */
export function clampRetryAfter(seconds: number): number {
  return Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS);
}

/** Requires the day's name: Date.parse alone would take "-5" for a year. */
function secondsUntil(value: string, date: string | null): number | null {
  const at = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) return null;
  const now = Date.parse(date ?? "");
  return Math.max(0, Math.ceil((at - (Number.isNaN(now) ? Date.now() : now)) / 1000));
}

function waitWords(seconds: number): string {
  const hours = Math.ceil(seconds / 3600);
  if (hours < 48) return `${hours} hours`;
  const days = Math.floor(hours / 24);
  return days > 365 ? "more than a year" : `${days} days`;
}
