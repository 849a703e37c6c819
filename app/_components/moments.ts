/**
 * Moments in words, as `Intl` has them for English. By hand, since making its formatters takes a browser's main thread as
 * long as all else at a page's start, and since servers and browsers have different editions of its words.
 */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];
const STEPS = [
  { unit: "day", seconds: 86_400 },
  { unit: "hr.", seconds: 3_600 },
  { unit: "min.", seconds: 60 },
];
const RELATIVE_FOR_DAYS = 7;

/** `5 min. ago`, `in 2 hr.`, `yesterday`; the day itself where it is longer ago. `isOwnZone` takes the reader's zone for it. */
export function timeAgo(iso: string, now: number, isOwnZone: boolean): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const step = STEPS.find((candidate) => Math.abs(seconds) >= candidate.seconds);
  if (!step) return "just now";
  const isDays = step.unit === "day";
  if (isDays && seconds < -RELATIVE_FOR_DAYS * 86_400) return isOwnZone ? ownDay(new Date(iso)) : utcDay(new Date(iso));
  const count = Math.trunc(Math.abs(seconds) / step.seconds);
  if (isDays && count === 1) return seconds < 0 ? "yesterday" : "tomorrow";
  const words = `${count} ${isDays ? "days" : step.unit}`;
  return seconds < 0 ? `${words} ago` : `in ${words}`;
}

/** `24 Nov 2026, 07:05:09 UTC` */
export function utcTime(iso: string): string {
  const date = new Date(iso);
  return `${utcDay(date)}, ${date.toISOString().slice("2026-11-24T".length, "2026-11-24T07:05:09".length)} UTC`;
}

/** `24 Nov`, in UTC. */
export function utcDayOfYear(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

let exact: Intl.DateTimeFormat | undefined;

/** `24 Nov 2026, 08:05:09 CET`, in the reader's own zone. */
export function ownTime(iso: string): string {
  exact ??= new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
  return exact.format(new Date(iso));
}

function utcDay(date: Date): string {
  return `${utcDayOfYear(date)} ${date.getUTCFullYear()}`;
}

function ownDay(date: Date): string {
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}
