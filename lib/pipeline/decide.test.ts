import { expect, test } from "vitest";
import { decide, effectsOf, type FoundTask } from "@/lib/pipeline/apply";
import type { SixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import type { TaskStatus } from "@/lib/tasks/task-status";

const JOB = "job-1";
const task = (more: Partial<FoundTask> = {}): FoundTask => ({
  taskId: "task",
  sendId: "send",
  status: "running",
  kind: "find_email",
  shape: "single",
  leadCount: 1,
  request: { lead: { name: "Ada" } },
  sixtyfourTaskId: JOB,
  startedTaskId: JOB,
  erasedAt: null,
  traceparent: null,
  ...more,
});
const event = (more: object = {}) =>
  ({ task_id: JOB, status: "completed", result: { email: [] }, ...more }) as SixtyfourWebhookEvent;
const known = { startedTaskId: JOB, isEventIdReused: false };

const OPEN: TaskStatus[] = ["queued", "submitting", "unconfirmed", "running"];

test.each(OPEN)("the end of a task that is %s is applied", (status) => {
  expect(decide(task({ status }), event(), known)).toMatchObject({ outcome: "applied", end: { status: "completed" } });
});

test.each([
  ["completed", "completed", "duplicate"],
  ["completed", "failed", "conflict"],
  ["failed", "failed", "duplicate"],
  ["cancelled", "completed", "conflict"],
] as const)("a task that is %s stays so when a delivery says %s: %s", (status, said, outcome) => {
  expect(decide(task({ status }), event({ status: said }), known)).toMatchObject({ outcome, end: null });
});

test("a delivery without an end is noted, and proves that an unconfirmed task was accepted", () => {
  const decision = decide(task({ status: "unconfirmed" }), event({ status: "in_progress" }), known);
  expect(decision).toEqual({ outcome: "noted", flags: ["unknown_status"], end: null, provesAcceptance: true });
  const effects = effectsOf(task({ status: "unconfirmed" }), decision, { id: "d", attempt: 1, event: event() });
  expect(effects).toMatchObject({ statusAfter: "running", completion: null });
  expect(effects.history.map(({ type }) => type)).toEqual(["recovered", "delivery"]);
});

test.each([
  ["another job", { startedTaskId: "job-2", isEventIdReused: false }, "other_task_id"],
  ["a reused event id", { startedTaskId: JOB, isEventIdReused: true }, "event_id_reused"],
])("a delivery with %s changes nothing", (_, given, flag) => {
  const decision = decide(task(), event(), given);
  expect(decision).toMatchObject({ outcome: "conflict", flags: [flag], end: null });
  expect(effectsOf(task(), decision, { id: "d", attempt: 1, event: event() })).toMatchObject({
    statusAfter: "running",
    completion: null,
    history: [{ type: "delivery" }],
  });
});

test("nothing is written about an erased lead", () => {
  const erased = task({ erasedAt: new Date() });
  const decision = decide(erased, event(), known);
  expect(decision).toMatchObject({ outcome: "erased", end: null });
  expect(effectsOf(erased, decision, { id: "d", attempt: 1, event: event() }).history).toEqual([]);
});
