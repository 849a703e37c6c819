/**
 * How far the clock of a server that answered is from ours, by its `Date` header, in seconds: positive where it is
 * ahead. What lies within the time that the request took, give or take the header's whole second, is no difference.
 *
 * @returns null where the header is missing or holds no time
 */
export function clockSkewInSeconds(headers: Headers, sentAtMs: number, answeredAtMs: number): number | null {
  const said = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(said)) return null;
  if (said < sentAtMs - 1_000) return Math.round((said - sentAtMs) / 1000);
  return said > answeredAtMs ? Math.round((said - answeredAtMs) / 1000) : 0;
}
