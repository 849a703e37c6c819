import { describe, expect, test } from "vitest";
import {
  readErrorDetail,
  readErrorText,
  readJobState,
  sixtyfourFileAnswer,
  sixtyfourJobStatus,
  sixtyfourSubmitAnswer,
  sixtyfourWebhookEvent,
} from "@/lib/sixtyfour/wire";

describe("readJobState", () => {
  test.each([
    ["completed", "completed"],
    ["COMPLETED", "completed"],
    ["failed", "failed"],
    ["terminated", "failed"],
    ["timed_out", "failed"],
    ["cancelled", "cancelled"],
    ["running", "running"],
    ["RUNNING", "running"],
    ["continued_as_new", "running"],
    ["queued", "running"],
    ["a word of next year", "running"],
    ["constructor", "running"],
  ])("reads %j as %s", (status, state) => {
    expect(readJobState({ status })).toBe(state);
  });

  test.each([
    [{ status: null, result: { a: 1 } }, "completed"],
    [{ status: "", result: [] }, "completed"],
    [{ status: null, error: "No source could be reached." }, "failed"],
    [{ status: null, result: null }, "running"],
    [{ status: null, results: [{ block_number: 1 }] }, "completed"],
    [{ status: null, results: [] }, "running"],
    [{ status: null, close_time: "2026-05-02T10:00:00Z" }, "completed"],
    [{ status: null, close_time: "2026-05-02T10:00:00Z", error: "No source." }, "failed"],
    [{ status: "running", result: { a: 1 } }, "running"],
  ])("reads a missing status from what else is there: %j is %s", (report, state) => {
    expect(readJobState(report)).toBe(state);
  });
});

describe("loosely typed answers", () => {
  test("of a submit keep the task_id, the ignored fields and the investigation", () => {
    const answer = sixtyfourSubmitAnswer.parse({
      task_id: 4711,
      status: null,
      unrecognized_fields: [
        "research_plam",
        { field: "budget" },
        { loc: ["body", "tier"] },
        "body.dispatch_id",
        null,
        {},
      ],
      investigation: { id: "inv_1", workspace_url: "https://app.sixtyfour.ai/i/inv_1" },
    });
    expect(answer).toMatchObject({
      task_id: "4711",
      status: null,
      unrecognized_fields: ["research_plam", "budget", "tier", "dispatch_id"],
      investigation: { id: "inv_1", workspaceUrl: "https://app.sixtyfour.ai/i/inv_1" },
    });
    expect(sixtyfourSubmitAnswer.parse({ task_id: "a" })).toMatchObject({
      status: null,
      unrecognized_fields: [],
      investigation: null,
    });
  });

  test("know an investigation without a workspace, and fields that are one text", () => {
    const answer = { task_id: "a", investigation: { id: 7 }, unrecognized_fields: "budget" };
    expect(sixtyfourSubmitAnswer.parse(answer)).toMatchObject({
      investigation: { id: "7", workspaceUrl: null },
      unrecognized_fields: ["budget"],
    });
  });

  test("link to no workspace whose address is not https", () => {
    const investigation = { id: "inv_1", workspace_url: "javascript:alert(1)" };
    expect(sixtyfourSubmitAnswer.parse({ task_id: "a", investigation }).investigation).toEqual({
      id: "inv_1",
      workspaceUrl: null,
    });
  });

  test("of a file keep the estimate", () => {
    const answer = { task_id: "a", row_count: "12", estimated_cost_cents: "340.5", already_started: "yes" };
    expect(sixtyfourFileAnswer.parse(answer)).toMatchObject({
      row_count: 12,
      estimated_cost_cents: 340.5,
      already_started: null,
    });
  });

  test("of job-status keep cost, progress, status and task_type", () => {
    const job = { status: null, task_type: 7, charge_amount: "12.5", progress: { completed: "3", total: 10 } };
    expect(sixtyfourJobStatus.parse(job)).toMatchObject({
      status: null,
      task_type: "7",
      charge_amount: 12.5,
      progress: { completed: 3, total: 10 },
    });
    const odd = { status: "running", charge_amount: "a lot", progress: { completed: 3, total: 0 } };
    expect(sixtyfourJobStatus.parse(odd)).toMatchObject({ charge_amount: null, progress: null });
    expect(sixtyfourJobStatus.parse({})).toMatchObject({ status: null, investigation: null });
  });

  test("of a webhook are read, unless nothing tells of the job", () => {
    const event = { task_id: 4711, status: null, task_type: 7, result: { email: [] } };
    expect(sixtyfourWebhookEvent.parse(event)).toMatchObject({ task_id: "4711", task_type: "7" });
    expect(sixtyfourWebhookEvent.safeParse({ task_id: "a" }).success).toBe(false);
    expect(sixtyfourWebhookEvent.safeParse({ status: "completed" }).success).toBe(false);
  });
});

test.each([
  ["No source could be reached.", "No source could be reached."],
  [{ code: "no_credits", message: "Add credits." }, "Add credits. (no_credits)"],
  [{ message: "Add credits." }, "Add credits."],
  [{ code: "no_credits" }, "no_credits"],
  ["  ", null],
  [{ odd: true }, null],
  [null, null],
  [7, null],
])("reads the error %j as %j", (given, text) => {
  expect(readErrorText(given)).toBe(text);
});

describe("readErrorDetail", () => {
  test("reads a sentence", () => {
    expect(readErrorDetail({ detail: "Job not found" })).toEqual({ message: "Job not found", fields: [] });
    expect(readErrorDetail({ error: "bad", message: "Worse" })).toEqual({ message: "Worse", fields: [] });
  });

  test("reads objects with a code and a message", () => {
    const said = { code: "insufficient_credits", message: "You need 12 more credits." };
    const message = "You need 12 more credits. (insufficient_credits)";
    expect(readErrorDetail({ detail: said })).toEqual({ message, fields: [] });
    expect(readErrorDetail({ error: said })).toEqual({ message, fields: [] });
  });

  test("reads the fields of a 422", () => {
    const detail = [{ loc: ["body", "lead", "email"], msg: "Not an email", type: "value_error" }];
    expect(readErrorDetail({ detail })).toEqual({
      message: "lead.email: Not an email",
      fields: [{ path: ["lead", "email"], message: "Not an email" }],
    });
  });

  test.each([[undefined], [null], ["<html>"], [[]], [{ detail: { odd: true } }]])("makes nothing of %j", (body) => {
    expect(readErrorDetail(body)).toEqual({ message: null, fields: [] });
  });
});
