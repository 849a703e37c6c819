import { inArray, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import { countFound, hasFound } from "@/lib/sixtyfour/results";
import { findTaskKind, TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";

/** What a result is looked up by decides what counts as found in it. */
const WAYS = ["email", "phone", "other"] as const;

const KINDS_OF_WAY = WAYS.map((way) => ({
  way,
  kinds: TASK_KIND_IDS.filter((id) => (findTaskKind(id)?.lookedUpBy ?? "other") === way),
}));

/**
 * For how many leads a result has found something, by each way to look at it: as the result of one lead, and of many, null
 * where it is no list.
 */
export function foundCounts(result: unknown): Record<string, { single: number; bulk: number | null }> {
  const counts = WAYS.map((way) => {
    const lookedUpBy = way === "other" ? undefined : way;
    return [way, { single: hasFound(result, lookedUpBy) ? 1 : 0, bulk: countFound(result, lookedUpBy) }];
  });
  return Object.fromEntries(counts);
}

/**
 * Chooses the one of {@link foundCounts}, given as jsonb, that is the task's, as a value for an UPDATE of {@link tasks}: its kind and shape
 * only the row knows. Null for a file, whose results come later, and for a kind that is not known.
 */
export function foundCountAmong(counts: SQLWrapper): SQL {
  const ways = KINDS_OF_WAY.map(
    ({ way, kinds }) => sql`when ${inArray(tasks.kind, kinds)} then ${sql.raw(`'${way}'`)}`,
  );
  const found = sql`(${counts} -> (case ${sql.join(ways, sql` `)} end) ->> ${tasks.shape})::int`;
  // Unknown is told apart: least() would take a null for no limit.
  return sql`case when ${found} is not null then least(${found}, ${tasks.leadCount}) end`;
}
