import { and, desc, lt } from "drizzle-orm";
import { tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { type Download, LEADS_PER_PAGE, parseFormat, toDownload } from "@/lib/exports/download";
import { type Selection, whereSelected } from "@/lib/pipeline/selected-tasks";
import { type LeadRow, readRowsOfTasks } from "@/lib/tasks/read-rows";
import type { TaskFilter } from "@/lib/tasks/task-filter";

/**
 * The leads of the tasks of a selection with their results, newest task first; without one, of all tasks that are there
 * when the export begins. A task whose leads were submitted again has none any more; they are in their new task's place.
 *
 * @throws AppError `invalid_input` for another format
 */
export async function exportTasks(
  context: Context,
  { format, ...given }: { format: string; filter?: TaskFilter; ids?: string[] },
): Promise<Download> {
  const as = parseFormat(format);
  const [newest] = await context.db.select({ id: tasks.id }).from(tasks).orderBy(desc(tasks.id)).limit(1);
  const name = `tasks-${new Date().toISOString().slice(0, 10)}`;
  const selection = given.ids ? { ids: given.ids } : { filter: given.filter ?? {}, upToId: newest?.id ?? NO_ID };
  return toDownload({ name, format: as, columns: null }, () => readPages(context, selection));
}

/** Lower than any. */
const NO_ID = "00000000-0000-0000-0000-000000000000";

async function* readPages(context: Context, selection: Selection): AsyncGenerator<LeadRow[]> {
  for await (const taskIds of groupTasks(context, selection)) {
    let afterPosition = -1;
    for (;;) {
      const page = await readRowsOfTasks(context, { taskIds, afterPosition, limit: LEADS_PER_PAGE });
      if (page.length > 0) yield page;
      if (page.length < LEADS_PER_PAGE || taskIds.length > 1) break;
      afterPosition = page.at(-1)?.position ?? afterPosition;
    }
  }
}

/** The ids of tasks that have no more than a page of leads together; one that has more alone is by itself. */
async function* groupTasks({ db }: Context, selection: Selection): AsyncGenerator<string[]> {
  let before: string | undefined;
  for (let isLast = false; !isLast; ) {
    const found = await db
      .select({ id: tasks.id, leadCount: tasks.leadCount })
      .from(tasks)
      .where(and(whereSelected(selection), before ? lt(tasks.id, before) : undefined))
      .orderBy(desc(tasks.id))
      .limit(LEADS_PER_PAGE);
    let group: string[] = [];
    let leadCount = 0;
    for (const task of found) {
      if (group.length > 0 && leadCount + task.leadCount > LEADS_PER_PAGE) {
        yield group;
        group = [];
        leadCount = 0;
      }
      group.push(task.id);
      leadCount += task.leadCount;
    }
    if (group.length > 0) yield group;
    before = found.at(-1)?.id;
    isLast = found.length < LEADS_PER_PAGE;
  }
}
