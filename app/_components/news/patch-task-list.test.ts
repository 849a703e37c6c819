import { expect, test } from "vitest";
import { patchTaskList, planPatch, type TaskListData } from "@/app/_components/news/patch-task-list";
import type { TaskPage, TaskView } from "@/lib/tasks/task-view";

const task = (id: string, status: TaskView["status"] = "running") => ({ id, status }) as TaskView;
const page = (ids: string, nextCursor: string | null): TaskPage => ({
  tasks: [...ids].map((id) => task(id)),
  nextCursor,
});
const list = (...pages: TaskPage[]): TaskListData => ({
  pages,
  pageParams: [null, ...pages.slice(0, -1).map(({ nextCursor }) => nextCursor)],
});
const idsOf = (data: TaskListData | null) => data?.pages.map(({ tasks }) => tasks.map(({ id }) => id).join(""));
const order = "newest";
const none: Parameters<typeof patchTaskList>[1] = { order, ids: [], tasks: [], firstPage: null };
const plan = (data: TaskListData, taskIds: string, deeds = false) => planPatch(data, { order, taskIds, deeds });

/** Six are shown, of which d no longer is in the list; b and a come after. */
const shown = list(page("ih", "h"), page("gf", "f"), page("ec", "c"));

test("only what is shown, or has its place there, is asked for; new ones come with the first page", () => {
  expect(plan(shown, "gda")).toEqual({ ids: ["g", "d"], firstPage: false });
  expect(plan(shown, "jg")).toEqual({ ids: ["g"], firstPage: true });
  expect(plan(list(page("", null)), "a")).toEqual({ ids: [], firstPage: true });
  expect(plan(list(page("cb", null)), "a")).toEqual({ ids: ["a"], firstPage: false });
  const oldest = list(page("bc", "c"));
  expect(planPatch(oldest, { order: "oldest", taskIds: "abz", deeds: false })).toEqual({
    ids: ["a", "b"],
    firstPage: false,
  });
});

test("after a deed all is asked for that may go on", () => {
  const ended = list({ tasks: [task("c", "completed"), task("b", "queued"), task("a")], nextCursor: null });
  expect(plan(ended, "", true)).toEqual({ ids: ["b", "a"], firstPage: false });
});

test("a task changes in its place, leaves where it does not fit any more, and the other pages stay the same ones", () => {
  const patched = patchTaskList(shown, { ...none, ids: ["g", "f"], tasks: [task("g", "completed")] });
  expect(idsOf(patched)).toEqual(["ih", "g", "ec"]);
  expect(patched?.pages[1]?.tasks[0]?.status).toBe("completed");
  expect(patched?.pages.map(({ nextCursor }) => nextCursor)).toEqual(["h", "f", "c"]);
  expect(patched?.pages[0]).toBe(shown.pages[0]);
});

test("a task that fits now comes to its place", () => {
  expect(idsOf(patchTaskList(shown, { ...none, ids: ["d"], tasks: [task("d")] }))).toEqual(["ih", "gf", "edc"]);
  expect(idsOf(patchTaskList(list(page("cb", null)), { ...none, ids: ["a"], tasks: [task("a")] }))).toEqual(["cba"]);
  const oldest = list(page("bc", "c"), page("df", null));
  const patched = patchTaskList(oldest, {
    ...none,
    order: "oldest",
    ids: ["a", "e", "g"],
    tasks: ["a", "e", "g"].map((id) => task(id)),
  });
  expect(idsOf(patched)).toEqual(["abc", "defg"]);
});

test("new tasks push others on, and none is there twice or missing", () => {
  const firstPage = page("kj", "j");
  expect(idsOf(patchTaskList(list(page("ih", "h")), { ...none, firstPage }))).toEqual(["kj"]);
  const patched = patchTaskList(shown, { ...none, firstPage: page("ji", "i") });
  expect(idsOf(patched)).toEqual(["ji", "hgf", "ec"]);
  expect(patched?.pageParams).toEqual([null, "i", "f"]);
  expect(patched?.pages.map(({ nextCursor }) => nextCursor)).toEqual(["i", "f", "c"]);
});

test("so many new ones that some between are not known have the list be asked for anew", () => {
  expect(patchTaskList(shown, { ...none, firstPage: page("nm", "m") })).toBeNull();
});
