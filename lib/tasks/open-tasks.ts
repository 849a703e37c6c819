import { type SQL, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import { ENDED_STATUSES, OPEN_STATUSES, type TaskStatus } from "@/lib/tasks/task-status";

/** In the words of the index `tasks_open`, which is used only where the condition is its own. */
export const isOpenTask = statusIn(OPEN_STATUSES);

export const hasEndedTask = statusIn(ENDED_STATUSES);

function statusIn(statuses: readonly TaskStatus[]): SQL {
  return sql`${tasks.status} in (${sql.raw(statuses.map((status) => `'${status}'`).join(", "))})`;
}
