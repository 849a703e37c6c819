import { desc, lt } from "drizzle-orm";
import { z } from "zod";
import { leads, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { firstLead, taskColumns, toTaskView } from "@/lib/tasks/read-task";
import type { TaskPage } from "@/lib/tasks/task-view";

const listInput = z.object({
  cursor: z.uuid("The cursor must be a nextCursor of an earlier page.").optional(),
  limit: z.coerce.number("The limit must be a number.").int().min(1).max(200).default(50),
});

/**
 * A page of tasks, newest first. The cursor is the last id of the page before: pages neither skip nor repeat a task,
 * whatever is submitted in between.
 *
 * @throws AppError `invalid_input`
 */
export async function listTasks(
  { db }: Context,
  input: { cursor?: string; limit?: string | number },
): Promise<TaskPage> {
  const parsed = listInput.safeParse(input);
  if (!parsed.success) throw new AppError("invalid_input", parsed.error.issues.map((issue) => issue.message).join(" "));
  const { cursor, limit } = parsed.data;
  const rows = await db
    .select(taskColumns)
    .from(tasks)
    .leftJoin(leads, firstLead)
    .where(cursor ? lt(tasks.id, cursor) : undefined)
    .orderBy(desc(tasks.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    tasks: page.map(toTaskView),
    nextCursor: rows.length > limit ? (page.at(-1)?.task.id ?? null) : null,
  };
}
