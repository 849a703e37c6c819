import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import type { TaskView } from "@/lib/tasks/task-view";

const NAME_KEYS = ["name", "full_name", "company_name"];

/** What to call a lead: its name where it has one, and what else tells it from others. */
export function leadTitle({
  lead,
  erasedAt,
  leadCount = 1,
}: Pick<TaskView, "lead" | "erasedAt"> & Partial<Pick<TaskView, "leadCount">>): {
  title: string;
  detail: string | null;
} {
  if (erasedAt) return { title: leadCount === 1 ? "Erased lead" : `${leadCount} erased leads`, detail: null };
  const values = Object.entries(lead).filter(([, value]) => value);
  const named = values.find(([key]) => NAME_KEYS.includes(key)) ?? values[0];
  if (!named) return { title: leadCount === 1 ? "Unnamed lead" : `${leadCount} leads`, detail: null };
  const others = values.filter(([key]) => key !== named[0]).map(([, value]) => value);
  if (leadCount > 1) return { title: `${named[1]} and ${leadCount - 1} more`, detail: null };
  return { title: named[1], detail: others.slice(0, 2).join(" · ") || null };
}

export function kindLabel(kind: string): string {
  return findTaskKind(kind)?.label ?? kind;
}
