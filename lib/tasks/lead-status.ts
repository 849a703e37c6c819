import { type SQL, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import type { TaskStatus } from "@/lib/tasks/task-status";

/**
 * Where a task's leads stand: where the task does, but that a file has yet to be fetched after the job has ended. For a
 * query of {@link tasks}.
 */
export const leadStatus: SQL<TaskStatus> = sql<TaskStatus>`case
  when ${tasks.status} = 'completed' and ${tasks.nextFetchAt} is not null then 'running' else ${tasks.status} end`;
