/** The smallest UUIDv7 of a millisecond: ids sort by time, so a span of time is a range of the primary key. */
export function firstIdAt(unixMs: number): string {
  const hex = Math.max(unixMs, 0).toString(16).padStart(12, "0").slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When a UUIDv7 was made, in Unix milliseconds. */
export function madeAtMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
