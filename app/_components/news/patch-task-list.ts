import type { InfiniteData } from "@tanstack/react-query";
import { isOpen } from "@/lib/tasks/task-status";
import type { TaskPage, TaskView } from "@/lib/tasks/task-view";

/**
 * Brings the list of tasks up to date without asking for its pages again: only for the tasks that have changed, and for
 * the first page where there are new ones. For lists that are sorted by id; a task can move in others.
 */

export type TaskListData = InfiniteData<TaskPage, string | null>;
type IdOrder = "newest" | "oldest";

/** What has to be asked for. */
export interface PatchPlan {
  /** Under the list's filter: those that are not answered don't fit it. */
  ids: string[];
  firstPage: boolean;
}

export function planPatch(
  data: TaskListData,
  { order, taskIds, deeds }: { order: IdOrder; taskIds: Iterable<string>; deeds: boolean },
): PatchPlan {
  const shown = data.pages.flatMap(({ tasks }) => tasks);
  const ids = new Set<string>();
  // A deed may have changed more than it names, but nothing that has ended without saying so.
  if (deeds) for (const { id, status } of shown) if (isOpen(status)) ids.add(id);
  const shownIds = new Set(shown.map(({ id }) => id));
  const [first, last] = [shown[0]?.id, shown.at(-1)?.id];
  const isWhole = data.pages.at(-1)?.nextCursor === null;
  let firstPage = false;
  for (const id of taskIds) {
    if (shownIds.has(id)) ids.add(id);
    else if (order === "newest" && (first === undefined || id > first)) firstPage = true;
    else if (isWhole || (last !== undefined && comesBefore(order, id, last))) ids.add(id);
  }
  return { ids: [...ids], firstPage };
}

/**
 * The list with what was answered. A task that no longer fits leaves, one that fits now comes to its place, and no task is
 * there twice. Cursors stay good: each names the place where its page ends, whatever becomes of the tasks there.
 *
 * @returns null where between the first page and the others tasks are missing: then all are to be asked for
 */
export function patchTaskList(
  data: TaskListData,
  given: { order: IdOrder; ids: string[]; tasks: TaskView[]; firstPage: TaskPage | null },
): TaskListData | null {
  const { order, ids, tasks, firstPage } = given;
  const withTasks = { ...data, pages: putTasks(data.pages, order, new Set(ids), tasks) };
  return firstPage ? putFirstPage(withTasks, firstPage) : withTasks;
}

function putTasks(pages: TaskPage[], order: IdOrder, asked: Set<string>, answered: TaskView[]): TaskPage[] {
  const left = new Map(answered.map((task) => [task.id, task]));
  const kept = pages.map((page) => {
    if (!page.tasks.some(({ id }) => asked.has(id))) return page;
    const tasks = page.tasks.flatMap((task) => {
      if (!asked.has(task.id)) return [task];
      const now = left.get(task.id);
      left.delete(task.id);
      return now ? [now] : [];
    });
    return { ...page, tasks };
  });
  for (const task of left.values()) {
    const isBefore = (other: TaskView) => comesBefore(order, task.id, other.id);
    const found = kept.findIndex(({ tasks }) => tasks.some((other) => isBefore(other)));
    const index = found === -1 ? kept.length - 1 : found;
    const page = kept[index];
    if (!page) continue;
    const place = page.tasks.findIndex(isBefore);
    kept[index] = { ...page, tasks: page.tasks.toSpliced(place === -1 ? page.tasks.length : place, 0, task) };
  }
  return kept;
}

/** Of a list, newest first. With a single page it is as if that had been asked for again. */
function putFirstPage(data: TaskListData, firstPage: TaskPage): TaskListData | null {
  const last = firstPage.tasks.at(-1)?.id;
  const only = { pages: [firstPage], pageParams: data.pageParams.slice(0, 1) };
  if (data.pages.length === 1 || last === undefined || firstPage.nextCursor === null) return only;
  const newestShown = data.pages.flatMap(({ tasks }) => tasks)[0]?.id;
  if (newestShown === undefined || newestShown < last) return null;
  const rest = data.pages.map((page) => ({ ...page, tasks: page.tasks.filter(({ id }) => id < last) }));
  // What the first page has pushed out joins the page after it, so that their number stays.
  const [pushedOut, second, ...others] = rest;
  if (!pushedOut || !second) return only;
  return {
    pages: [firstPage, { ...second, tasks: [...pushedOut.tasks, ...second.tasks] }, ...others],
    pageParams: [data.pageParams[0] ?? null, firstPage.nextCursor, ...data.pageParams.slice(2)],
  };
}

function comesBefore(order: IdOrder, id: string, other: string): boolean {
  return order === "newest" ? id > other : id < other;
}
