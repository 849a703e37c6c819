/** Sixtyfour and this app are younger, and JavaScript counts from here. */
const EARLIEST_MS = 0;
/** A day later a time would have a year of five digits, which neither ISO 8601 nor Postgres reads. */
const LATEST_MS = Date.parse("9999-12-30T00:00:00Z");

/** True for a moment, in Unix milliseconds, that may be compared with what is stored. */
export function isUsableMoment(ms: number): boolean {
  return ms >= EARLIEST_MS && ms < LATEST_MS;
}
