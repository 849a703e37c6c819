/**
 * Which tasks are looked at, and in which order: the query of the dashboard's address, of `GET /api/tasks` and of a saved
 * view. Safe for the browser; lib/tasks/parse-task-filter.ts reads one.
 */
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskStatus } from "@/lib/tasks/task-status";

/** poll is a person's, reconcile one that the app made by itself. */
export const DELIVERED_BY = {
  webhook: "By webhook",
  poll: "By poll",
  reconcile: "By reconcile",
  none: "Not delivered",
} as const;
type DeliveredBy = keyof typeof DELIVERED_BY;

/** How long ago, in hours. */
export const SINCE = {
  "24h": { label: "Last 24 hours", hours: 24 },
  "7d": { label: "Last 7 days", hours: 7 * 24 },
  "30d": { label: "Last 30 days", hours: 30 * 24 },
} as const;
export type Since = keyof typeof SINCE;

export const SORTS = {
  newest: "Newest first",
  oldest: "Oldest first",
  delivered: "Latest delivered",
  costliest: "Costliest",
} as const;
export type TaskSort = keyof typeof SORTS;

/** A score from which a lead counts as a strong one, of 10. */
export const STRONG_SCORE = 8;

/** Of a task with many leads: yes for at least one of them, no for at least one not. */
export const FOUND = {
  yes: "Found",
  no: "Not found",
  qualified: "Verdict: yes",
  disqualified: "Verdict: no",
  strong: `Score ${STRONG_SCORE} or more`,
} as const;
export type Found = keyof typeof FOUND;

/** Days, or full hours such as `2026-11-24T10:00Z`, of UTC; `to` is the last one. Without `sort`, newest first. */
export interface TaskFilter {
  q?: string;
  status?: TaskStatus[];
  kind?: TaskKindId[];
  submission?: string;
  via?: DeliveredBy;
  found?: Found;
  /** What went wrong: our code for it, or the beginning of Sixtyfour's words. */
  reason?: string;
  since?: Since;
  from?: string;
  to?: string;
  sort?: TaskSort;
}

const NAMES = ["q", "status", "kind", "submission", "via", "found", "reason", "since", "from", "to", "sort"] as const;

/** The query of a filter, in one order, so that the same filter has the same one. Empty for none. */
export function taskFilterQuery(filter: TaskFilter): string {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = filter[name];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) query.set(name, String(value));
  }
  return query.toString();
}

/** A reason is as long as this at most; what Sixtyfour says may be longer. */
export const REASON_LENGTH = 200;

/** A day as it is, and an hour as `2026-11-24 10:00`. */
export function momentWords(moment: string): string {
  return moment.replace("T", " ").replace("Z", "");
}

/** Whether it leaves anything out. */
export function isNarrowing({ sort: _, ...filter }: TaskFilter): boolean {
  return taskFilterQuery(filter) !== "";
}
