import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { listTasks } from "@/lib/tasks/list";
import { createTestBench, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
const names = Array.from({ length: 7 }, (_, index) => `Lead ${index}`);

beforeAll(async () => {
  bench = await createTestBench();
  for (const name of names) await submitLead(bench.context, { input: findEmailInput(name), formKey: randomUUID() });
});
afterAll(() => bench.close());

describe("listTasks", () => {
  test("by ids, answers those of them that fit the filter, and refuses what is no id", async () => {
    const { tasks } = await listTasks(bench.context, {});
    const ids = tasks.slice(2, 5).map(({ id }) => id);
    const page = await listTasks(bench.context, { ids: [...ids, randomUUID()] });
    expect(page).toEqual({ tasks: tasks.slice(2, 5), nextCursor: null });
    expect((await listTasks(bench.context, { ids, filter: { status: ["cancelled"] } })).tasks).toEqual([]);
    for (const wrong of [["x"], [""], Array.from({ length: 101 }, () => randomUUID())]) {
      await expect(listTasks(bench.context, { ids: wrong })).rejects.toMatchObject({ code: "invalid_input" });
    }
  });

  test("pages newest first, and neither skips nor repeats while others submit", async () => {
    const first = await listTasks(bench.context, { limit: 3 });
    await submitLead(bench.context, { input: findEmailInput("Latecomer"), formKey: randomUUID() });
    const second = await listTasks(bench.context, { limit: 3, cursor: first.nextCursor ?? "" });
    const third = await listTasks(bench.context, { limit: 3, cursor: second.nextCursor ?? "" });
    const seen = [first, second, third].flatMap((page) => page.tasks.map((task) => task.lead.name));
    expect(seen).toEqual(names.toReversed());
    expect(third.nextCursor).toBeNull();
  });

  test("gives times as ISO 8601 in UTC", async () => {
    const { tasks } = await listTasks(bench.context, {});
    expect(tasks[0]?.submittedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(tasks[0]?.deliveredAt).toBeNull();
  });

  test.each([[{ cursor: "x" }], [{ limit: "0" }], [{ limit: "201" }], [{ limit: "many" }]])(
    "refuses %j",
    async (input) => {
      await expect(listTasks(bench.context, input)).rejects.toMatchObject({ code: "invalid_input" });
    },
  );
});

describe("getTask", () => {
  test.each([["nonsense"], [randomUUID()]])("%s is not found", async (id) => {
    await expect(getTask(bench.context, id)).rejects.toMatchObject({ code: "not_found" });
  });
});
