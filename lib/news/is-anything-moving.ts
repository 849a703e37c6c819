import { sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import type { Context } from "@/lib/context";

/** Whether some task may change any moment without a person, as `isMoving` of lib/tasks/task-status.ts says of one. By indexes of such alone. */
export async function isAnythingMoving({ db }: Pick<Context, "db">): Promise<boolean> {
  const [found] = await db.execute<{ isMoving: boolean }>(sql`
    select exists (select from ${tasks} where ${tasks.status} in ('submitting', 'unconfirmed', 'running'))
      or exists (select from ${tasks} where ${tasks.nextSendAt} is not null)
      or exists (select from ${tasks} where ${tasks.nextFetchAt} is not null) as "isMoving"`);
  return found?.isMoving ?? false;
}
