import { type SQL, sql } from "drizzle-orm";

/** Each bucket ends at so many times what it begins at: its middle is at most 2.5 % off. */
const RATIO = 1.05;
/** Less is not told apart. */
const SHORTEST_IN_SECONDS = 0.001;

/** How many took how long, by the number of a bucket. Histograms add up; what they say is 2.5 % off at most. */
export type DurationHistogram = Record<string, number>;

/** The bucket of a span of seconds, in SQL; in floating point, since a logarithm of Postgres' exact numbers takes its time. */
export function durationBucket(seconds: SQL): SQL<number> {
  const longEnough = sql`greatest((${seconds})::float8, ${SHORTEST_IN_SECONDS}::float8)`;
  return sql<number>`floor(ln(${longEnough}) / ln(${RATIO}::float8))::int`;
}

export function addHistogram(sum: DurationHistogram, added: DurationHistogram): void {
  for (const [bucket, some] of Object.entries(added)) sum[bucket] = (sum[bucket] ?? 0) + some;
}

/** The seconds that a share of them stayed below, as Postgres' `percentile_cont` has it; null where there are none. */
export function quantile(histogram: DurationHistogram, share: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, some]) => ({ seconds: RATIO ** (Number(bucket) + 0.5), some }))
    .sort((a, b) => a.seconds - b.seconds);
  const all = buckets.reduce((total, { some }) => total + some, 0);
  if (all === 0) return null;
  const place = share * (all - 1);
  const [below, above] = [Math.floor(place), Math.ceil(place)].map((rank) => at(buckets, rank));
  return (below ?? 0) + ((above ?? 0) - (below ?? 0)) * (place - Math.floor(place));
}

function at(buckets: { seconds: number; some: number }[], rank: number): number {
  let passed = 0;
  for (const { seconds, some } of buckets) {
    passed += some;
    if (rank < passed) return seconds;
  }
  return buckets.at(-1)?.seconds ?? 0;
}
