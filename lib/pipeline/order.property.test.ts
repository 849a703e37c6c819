import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

/** What can happen to a task from outside, in any order and any number. */
type Happening =
  | { type: "completed" | "failed" | "cancelled"; value: number; token: boolean }
  | { type: "noise"; status: string; token: boolean }
  | { type: "forged" };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    type: fc.constantFrom("completed" as const, "failed" as const, "cancelled" as const),
    value: fc.nat(3),
    token: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("noise" as const),
    status: fc.constantFrom("running", "queued", "?"),
    token: fc.boolean(),
  }),
  fc.record({ type: fc.constant("forged" as const) }),
);

async function submit(isAnswerLost: boolean) {
  if (isAnswerLost) await bench.sandbox.nextSubmit({ loseAnswer: true });
  const { taskId: id } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  if (!job) throw new Error("The sandbox has no job.");
  return { id, jobId: job.taskId, token: tokenOf(job) };
}

async function happen(context: Context, task: { jobId: string; token: string }, event: Happening): Promise<void> {
  const base = { task_id: task.jobId };
  switch (event.type) {
    case "forged":
      await deliver(context, { ...base, status: "completed", result: "forged" }, { token: "wrong".padEnd(43, "x") });
      return;
    case "noise":
      await deliver(context, { ...base, status: event.status }, { token: event.token ? task.token : null });
      return;
    default:
      await deliver(
        context,
        { ...base, status: event.type, result: { value: event.value }, error: `${event.value}` },
        { token: event.token ? task.token : null },
      );
  }
}

function endOf(event: Happening): object | undefined {
  switch (event.type) {
    case "completed":
      return { status: "completed", result: { value: event.value }, error: null };
    case "failed":
      return { status: "failed", result: null, error: `${event.value}` };
    case "cancelled":
      return { status: "cancelled", result: null, error: null };
    default:
      return undefined;
  }
}

test("any order of any events ends in what the first end said, and stays there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 8 }), async (events) => {
      const task = await submit(false);
      for (const event of events) await happen(bench.context, task, event);
      const { status, result, error, history } = await getTask(bench.context, task.id);
      const expected = events.map(endOf).find((end) => end !== undefined) ?? {
        status: "running",
        result: null,
        error: null,
      };
      expect({ status, result, error }).toEqual(expected);
      expect(history.filter(({ type }) => type === "ended")).toHaveLength(status === "running" ? 0 : 1);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("all at once, exactly one of the ends wins, also where the submit's answer was lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 2, maxLength: 8 }), async (events) => {
      const task = await submit(true);
      await Promise.all(events.map((event) => happen(bench.context, task, event)));
      const { status, result, error, history } = await getTask(bench.context, task.id);
      // Without its token a delivery can't know an unconfirmed task, so only those that bear it are sure to count.
      const ends = events.map(endOf).filter((end) => end !== undefined);
      const sure = events.filter((event) => "token" in event && event.token && endOf(event));
      if (sure.length > 0) expect(ends).toContainEqual({ status, result, error });
      else expect(["unconfirmed", "running", ...events.map(({ type }) => type)]).toContain(status);
      expect(result).not.toBe("forged");
      expect(history.filter(({ type }) => type === "ended").length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 25 },
  );
}, 60_000);
