import { kindLabel } from "@/app/tasks/_components/lead-title";
import { STATUS_LOOKS } from "@/app/tasks/_components/status-badge";
import { DELIVERED_BY, FOUND, momentWords, SINCE, type TaskFilter } from "@/lib/tasks/task-filter";
import { reasonWords } from "@/lib/tasks/task-problems";

export interface FilterChip {
  key: string;
  label: string;
  /** The filter without it. */
  rest: TaskFilter;
}

/** What a filter leaves, a chip for each part that can be taken away. */
export function filterChips(filter: TaskFilter): FilterChip[] {
  const { q, status, kind, submission, via, found, reason, since, from, to, ...order } = filter;
  const all = { q, status, kind, submission, via, found, reason, since, from, to };
  const words: [keyof typeof all, string | undefined][] = [
    ["q", q && `“${q}”`],
    ["status", status?.map((one) => STATUS_LOOKS[one].label).join(" or ")],
    ["kind", kind?.map(kindLabel).join(" or ")],
    ["submission", submission && "Of one submission"],
    ["via", via && DELIVERED_BY[via]],
    ["found", found && FOUND[found]],
    ["reason", reason && reasonWords(reason)],
    ["since", since && SINCE[since].label],
    ["from", from && `From ${momentWords(from)}`],
    ["to", to && `Up to ${momentWords(to)}`],
  ];
  return words.flatMap(([key, label]) => {
    if (!label) return [];
    const rest = Object.entries(all).filter(([name, value]) => name !== key && value !== undefined);
    return [{ key, label, rest: { ...order, ...Object.fromEntries(rest) } }];
  });
}
