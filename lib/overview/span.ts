/** Spans of time, cut into buckets for a chart. Hours and days are of UTC. */
import { SINCE, type TaskFilter } from "@/lib/tasks/task-filter";

const HOUR_IN_MS = 3_600_000;
const DAY_IN_MS = 24 * HOUR_IN_MS;
const BUCKET_SIZES_IN_MS = [HOUR_IN_MS, DAY_IN_MS, 7 * DAY_IN_MS, 28 * DAY_IN_MS];
/** More would be too thin to be read, or hit. */
const MAX_BUCKETS = 48;

export interface Bucket {
  startsAtMs: number;
  endsAtMs: number;
  filter: { from: string; to: string };
}

/**
 * The buckets of a filter's time, the last 7 days where it names none. Whole ones, so that each can be named by a filter: the
 * last 24 hours are this hour and the 23 before, the last 7 days are today and the 6 before.
 */
export function bucketsOf(
  { since = "7d", from, to }: Pick<TaskFilter, "since" | "from" | "to">,
  nowMs: number,
): Bucket[] {
  const hours = SINCE[since].hours;
  const unit = from || to || hours > 24 ? DAY_IN_MS : HOUR_IN_MS;
  const last = to ? Date.parse(to) : nowMs;
  const endsAtMs = floor(last, unit) + unit;
  const startsAtMs = from ? Math.min(floor(Date.parse(from), unit), endsAtMs - unit) : endsAtMs - spanOf(to, hours);
  const size = bucketSize(endsAtMs - startsAtMs);
  const count = Math.ceil((endsAtMs - startsAtMs) / size);
  return Array.from({ length: count }, (_, index) => {
    const bucket = {
      startsAtMs: startsAtMs + index * size,
      endsAtMs: Math.min(startsAtMs + (index + 1) * size, endsAtMs),
    };
    return { ...bucket, filter: filterOf(bucket, size) };
  });
}

/** What only says until when shows the week before. */
function spanOf(to: string | undefined, hours: number): number {
  return to ? 7 * DAY_IN_MS : hours * HOUR_IN_MS;
}

function bucketSize(spanMs: number): number {
  const size = BUCKET_SIZES_IN_MS.find((candidate) => spanMs / candidate <= MAX_BUCKETS);
  return size ?? Math.ceil(spanMs / MAX_BUCKETS / DAY_IN_MS) * DAY_IN_MS;
}

/** `to` is the last hour, or the last day. */
function filterOf({ startsAtMs, endsAtMs }: { startsAtMs: number; endsAtMs: number }, size: number) {
  return size === HOUR_IN_MS
    ? { from: hour(startsAtMs), to: hour(endsAtMs - HOUR_IN_MS) }
    : { from: day(startsAtMs), to: day(endsAtMs - DAY_IN_MS) };
}

function floor(ms: number, unit: number): number {
  return Math.floor(ms / unit) * unit;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function hour(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 13)}:00Z`;
}
