import { and, eq, ne, not, type SQL, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import { TASK_KIND_IDS, TASK_KINDS, type TaskKind } from "@/lib/sixtyfour/task-kinds";
import { DEFAULT_TIER } from "@/lib/sixtyfour/task-options";
import { confirmableAfterSeconds, lateAfterSeconds } from "@/lib/tasks/poll-schedule";
import { isRepeatable } from "@/lib/tasks/sendable";

/** Unconfirmed for longer than its webhook should take to arrive, and only a person may send it again. */
export function waitsForConfirmation(): SQL | undefined {
  return and(eq(tasks.status, "unconfirmed"), submittedBefore(confirmableAfterSeconds), not(isRepeatable));
}

/**
 * Running for `times` as long as the slowest job of its kind and tier and its webhook take. Files are excluded: their
 * duration depends on their rows.
 */
export function runsLate(deliveryWindowInSeconds: number, times = 1): SQL | undefined {
  const seconds = (kind: string, tier: string | null) => times * lateAfterSeconds(kind, deliveryWindowInSeconds, tier);
  return and(eq(tasks.status, "running"), ne(tasks.shape, "file"), submittedBefore(seconds));
}

/** Submitted longer ago than `secondsOf` gives for its kind and tier. */
function submittedBefore(secondsOf: (kind: string, tier: string | null) => number): SQL {
  const number = (seconds: number) => sql`${seconds}::float8`;
  const ofKind = (id: string, { options: { tiers } }: TaskKind) =>
    tiers
      ? choose(
          sql`coalesce(${tasks.request}->>'tier', ${DEFAULT_TIER})`,
          tiers.map((tier) => [tier, number(secondsOf(id, tier))]),
          number(secondsOf(id, null)),
        )
      : number(secondsOf(id, null));
  const seconds = choose(
    sql`${tasks.kind}`,
    TASK_KIND_IDS.map((id) => [id, ofKind(id, TASK_KINDS[id])]),
    number(secondsOf("", null)),
  );
  return sql`${tasks.submittedAt} < now() - make_interval(secs => ${seconds})`;
}

/** SQL's `case`: the SQL beside the value that `of` has, or `otherwise`. */
function choose(of: SQL, cases: [value: string, then: SQL][], otherwise: SQL): SQL {
  const branches = cases.map(([value, then]) => sql`when ${value} then ${then}`);
  return sql`case ${of} ${sql.join(branches, sql` `)} else ${otherwise} end`;
}
