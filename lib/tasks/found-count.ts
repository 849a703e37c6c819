import { inArray, type SQL, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import { countFound, hasFound } from "@/lib/sixtyfour/results";
import { findTaskKind, TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";

/**
 * For how many leads of a task a result has found something, as a value for an UPDATE of {@link tasks}: what counts as found
 * hangs by its kind and shape, which only the row knows. Null for a file, whose results come later.
 */
export function foundCountOf(result: unknown): SQL {
  const ways = [undefined, "email", "phone"] as const;
  const counts = ways.map((lookedUpBy) => {
    const kinds = TASK_KIND_IDS.filter((id) => findTaskKind(id)?.lookedUpBy === lookedUpBy);
    const [one, many] = [hasFound(result, lookedUpBy) ? 1 : 0, countFound(result, lookedUpBy)];
    // Unknown is told apart: least() would take a null for no limit.
    const ofMany = many === null ? sql`null` : sql`least(${many}::int, ${tasks.leadCount})`;
    return sql`when ${inArray(tasks.kind, kinds)} then
      case ${tasks.shape} when 'single' then ${one}::int when 'bulk' then ${ofMany} end`;
  });
  return sql`case ${sql.join(counts, sql` `)} end`;
}
