/** Spans of time and the settled periods in them, in Unix milliseconds; hours and days are of UTC. */

export const HOUR_IN_MS = 3_600_000;
export const DAY_IN_MS = 24 * HOUR_IN_MS;

/** Without an end it goes on to the newest. */
export interface Span {
  startsAtMs: number;
  endsAtMs: number;
}

/**
 * What some periods leave of a span, as spans between which nothing else lies.
 *
 * @param startsAtMs of periods that lie within the span and do not overlap, in their order
 */
export function spansBetween(span: Span, startsAtMs: number[], lengthInMs: number): Span[] {
  const spans: Span[] = [];
  let from = span.startsAtMs;
  for (const at of startsAtMs) {
    if (at > from) spans.push({ startsAtMs: from, endsAtMs: at });
    from = at + lengthInMs;
  }
  if (from < span.endsAtMs) spans.push({ startsAtMs: from, endsAtMs: span.endsAtMs });
  return spans;
}
