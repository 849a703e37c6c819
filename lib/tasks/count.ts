import { count, desc } from "drizzle-orm";
import { tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { TASK_STATUSES, type TaskStatus } from "@/lib/tasks/task-status";
import type { TaskCounts } from "@/lib/tasks/task-view";
import { whereTasks } from "@/lib/tasks/where-tasks";

/** How many tasks a filter leaves in each status. Its own `status` does not count: each is there to be chosen. */
export async function countTasks({ db }: Context, { status: _, ...filter }: TaskFilter): Promise<TaskCounts> {
  const [rows, [newest]] = await Promise.all([
    db.select({ status: tasks.status, tasks: count() }).from(tasks).where(whereTasks(filter)).groupBy(tasks.status),
    db.select({ id: tasks.id }).from(tasks).orderBy(desc(tasks.id)).limit(1),
  ]);
  const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<TaskStatus, number>;
  for (const row of rows) byStatus[row.status] = row.tasks;
  return { byStatus, newestId: newest?.id ?? null, all: rows.reduce((total, row) => total + row.tasks, 0) };
}
