import { type ColumnMapping, plainHeader } from "@/lib/lists/guess-columns";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";

/** What was chosen for headers before, in this browser: a convenience, so whatever goes wrong with it is none. */

const keyOf = (kind: TaskKindId) => `list-columns:${kind}`;

export function rememberedColumns(kind: TaskKindId): Record<string, string | null> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(kind)) ?? "{}");
    return typeof stored === "object" && stored !== null ? (stored as Record<string, string | null>) : {};
  } catch {
    return {};
  }
}

export function rememberColumns(kind: TaskKindId, columns: string[], mapping: ColumnMapping): void {
  const chosen = Object.fromEntries(columns.map((column, index) => [plainHeader(column), mapping[index] ?? null]));
  try {
    localStorage.setItem(keyOf(kind), JSON.stringify({ ...rememberedColumns(kind), ...chosen }));
  } catch {
    // Full, or not allowed.
  }
}
