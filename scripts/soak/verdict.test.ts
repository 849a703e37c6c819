import { expect, test } from "vitest";
import type { JobView } from "@/sandbox/control-wire";
import type { FinishedTask } from "@/scripts/soak/task-list";
import { isPassed, judge, type LeadRecord } from "@/scripts/soak/verdict";

const RESULT = { name: "Ada", email: [["ada@example.com", "OK"]] };

function record(overrides: Partial<LeadRecord> = {}): LeadRecord {
  const lead = { kind: "find_email", company: "A", fields: { company: "A" } } as const;
  return { lead, taskId: "task-1", pressesAtOwnRisk: 0, ...overrides };
}

function task(overrides: Partial<FinishedTask> = {}): FinishedTask {
  return {
    id: "task-1",
    taskId: "job-1",
    status: "completed",
    lead: { company: "A" },
    result: RESULT,
    errorCode: null,
    deliveredVia: "webhook",
    ...overrides,
  };
}

function job(overrides: Partial<JobView> = {}): JobView {
  return {
    taskId: "job-1",
    path: "/find-email-async",
    taskType: "find_email",
    idempotencyKey: null,
    body: { lead: { company: "A" } },
    status: "completed",
    held: false,
    result: RESULT,
    dropped: false,
    forgotten: false,
    acceptedAt: "2026-01-01T00:00:00.000Z",
    closedAt: "2026-01-01T00:00:01.000Z",
    webhookAttempts: [],
    fate: null,
    ...overrides,
  };
}

test("a lead with one task that has its job's result passes", () => {
  const verdict = judge([record()], [task()], [job()]);
  expect(verdict).toMatchObject({ leads: 1, ended: 1, right: 1, lost: 0, doubled: 0, offenders: [] });
  expect(isPassed(verdict)).toBe(true);
});

test.each([
  ["a lead without a task is lost", record(), [], [job()], { lost: 1, right: 0 }],
  ["a task that is still open is lost", record(), [task({ status: "unconfirmed" })], [job()], { lost: 1 }],
  ["another result is not right", record(), [task({ result: { name: "Forged" } })], [job()], { ended: 1, right: 0 }],
  ["a job that failed has another end", record(), [task()], [job({ status: "failed" })], { right: 0 }],
  ["two tasks of one lead are wrong", record(), [task(), task({ id: "task-2" })], [job()], { right: 0 }],
  ["another task than the form's is wrong", record({ taskId: "task-9" }), [task()], [job()], { right: 0 }],
  [
    "two jobs that nobody asked for are a double",
    record(),
    [task()],
    [job(), job({ taskId: "job-2" })],
    { doubled: 1 },
  ],
])("%s", (_, given, tasks, jobs, expected) => {
  const verdict = judge([given], tasks, jobs);
  expect(verdict).toMatchObject(expected);
  expect(verdict.offenders).toHaveLength(1);
  expect(isPassed(verdict)).toBe(false);
});

test("a second job at a person's word passes, a third one does not", () => {
  const asked = record({ pressesAtOwnRisk: 1 });
  const jobs = [job(), job({ taskId: "job-2" }), job({ taskId: "job-3" })];
  const second = judge([asked], [task()], jobs.slice(0, 2));
  expect(second).toMatchObject({ doubled: 0, doubledAtAPersonsWord: 1 });
  expect(isPassed(second)).toBe(true);
  expect(judge([asked], [task()], jobs)).toMatchObject({ doubled: 1, doubledAtAPersonsWord: 1 });
});
