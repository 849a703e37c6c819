import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tasks } from "@/db/schema";
import { compareLeads, compareResults } from "@/lib/exports/compare-results";
import { submitLead } from "@/lib/pipeline/submit";
import { hasOption, TASK_KIND_IDS, TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import { draftOfLead } from "@/lib/tasks/draft-of-lead";
import { eraseTask } from "@/lib/tasks/erase";
import { getTask } from "@/lib/tasks/get";
import { getLeadDraft } from "@/lib/tasks/get-lead-draft";
import type { TaskDraft } from "@/lib/tasks/task-draft";
import { parseTaskInput } from "@/lib/tasks/task-input";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

/** Of each kind, a draft with all that its form has. */
const FULL: TaskDraft = {
  kind: "",
  lead: { name: "Ada", email: "ada@ae.example", phone: "+12025550143", company_name: "AE", first_name: "A" },
  mode: "PERSONAL",
  tier: "medium",
  verify_emails: false,
  field_confidence: false,
  find_people: true,
  full_org_chart: true,
  research_plan: "Look twice.\nThen write.",
  people_focus_prompt: "Engineers",
  struct: [{ name: "title", description: "Job title", type: "list[str]" }],
  lead_struct: [{ name: "role", description: "Role", type: "str" }],
  qualification_criteria: [
    { criteria_name: "In Europe", description: "An office", weight: "2.5", threshold: "0.7" },
    { criteria_name: "Big", description: "Staff", weight: "", threshold: "" },
  ],
  references: [{ url: "https://ae.example/about", description: "About" }],
  max_tool_calls: "5",
  score_criteria: true,
};

/** The part of it that a kind has. */
function fullOf(kind: TaskKindId): TaskDraft {
  const { fields, open }: TaskKind = TASK_KINDS[kind];
  const lead = Object.entries(FULL.lead).filter(([name]) => open || fields.some((field) => field.name === name));
  const options = Object.entries(FULL).filter(([name]) => hasOption(kind, name));
  return { kind, lead: Object.fromEntries(lead), ...Object.fromEntries(options) };
}

describe("what was submitted", () => {
  test.each(TASK_KIND_IDS)("comes to the same when it is submitted again: %s", (kind: TaskKindId) => {
    const { input, errors } = parseTaskInput(fullOf(kind));
    if (errors) throw new Error(JSON.stringify(errors));
    expect(parseTaskInput(draftOfLead(kind, input.lead, input.options)).input).toEqual(input);
  });

  test("has its box ticked where each criterion was scored, and the fields for it are no rows of the editor", () => {
    const { input } = parseTaskInput(fullOf("qa_agent"));
    const draft = draftOfLead("qa_agent", input?.lead ?? {}, input?.options ?? {});
    expect(draft).toMatchObject({ struct: FULL.struct, score_criteria: true });
    const unscored = parseTaskInput({ ...fullOf("qa_agent"), struct: [], score_criteria: false }).input;
    const emptied = draftOfLead("qa_agent", {}, unscored?.options ?? {});
    expect(emptied).toMatchObject({ struct: [], score_criteria: false });
  });

  test("keeps its budget and its investigation where it was an Atlas run", () => {
    const atlas = { tier: "scout", budget: 4, investigation_id: "inv_1", include_workspace: true };
    const { input } = parseTaskInput({ ...fullOf("people_intelligence"), ...atlas });
    const draft = draftOfLead("people_intelligence", input?.lead ?? {}, input?.options ?? {});
    expect(draft).toMatchObject(atlas);
    expect(parseTaskInput(draft).input).toEqual(input);
  });

  test("is there for the form by its lead, and not once it is erased", async () => {
    const { context } = bench;
    const { taskId } = await submitLead(context, { input: findEmailInput("Again"), formKey: randomUUID() });
    const leadId = (await getTask(context, taskId)).leads[0]?.id ?? "";
    expect(await getLeadDraft(context, leadId)).toMatchObject({
      kind: "find_email",
      draft: { lead: { name: "Again", company: "Analytical Engines" }, mode: "PROFESSIONAL" },
    });
    await eraseTask(context, taskId);
    expect(await getLeadDraft(context, leadId)).toBeNull();
    expect(await getLeadDraft(context, randomUUID())).toBeNull();
    expect(await getLeadDraft(context, "x")).toBeNull();
  });
});

describe("the investigations that a lead can continue", () => {
  const submit = async (given: { investigation: string | null; at: string; basedOnLeadId?: string }) => {
    const { investigation: id, at, ...basedOn } = given;
    const { context } = bench;
    const input = findEmailInput(`Investigated ${at}`);
    const { taskId } = await submitLead(context, { input, formKey: randomUUID(), ...basedOn });
    const investigation = id === null ? null : { id, workspaceUrl: null };
    await context.db
      .update(tasks)
      .set({ investigation, submittedAt: new Date(at) })
      .where(eq(tasks.id, taskId));
    return (await getTask(context, taskId)).leads[0]?.id ?? "";
  };

  test("are its own and those of the leads that it was submitted again for, each once, the latest first", async () => {
    const first = await submit({ investigation: "inv_1", at: "2026-11-01T08:00:00Z" });
    const second = await submit({ investigation: "inv_1", at: "2026-11-02T08:00:00Z", basedOnLeadId: first });
    const third = await submit({ investigation: null, at: "2026-11-03T08:00:00Z", basedOnLeadId: second });
    const fourth = await submit({ investigation: "inv_2", at: "2026-11-04T08:00:00Z", basedOnLeadId: third });
    await submit({ investigation: "inv_3", at: "2026-11-05T08:00:00Z" });
    const inv1 = { id: "inv_1", startedAt: "2026-11-01T08:00:00.000Z" };
    const inv2 = { id: "inv_2", startedAt: "2026-11-04T08:00:00.000Z" };
    expect((await getLeadDraft(bench.context, fourth))?.investigations).toEqual([inv2, inv1]);
    expect((await getLeadDraft(bench.context, second))?.investigations).toEqual([inv1]);
  });

  test("are none where no task of it had one", async () => {
    const lead = await submit({ investigation: null, at: "2026-11-01T08:00:00Z" });
    expect((await getLeadDraft(bench.context, lead))?.investigations).toEqual([]);
  });
});

describe("a lead that was submitted again", () => {
  test("knows the earlier one and its result", async () => {
    const { context } = bench;
    const first = await submitLead(context, { input: findEmailInput("Before"), formKey: randomUUID() });
    const [job] = await bench.sandbox.jobs();
    const result = { email: [["b@x.example", "OK"]] };
    await deliver(context, { task_id: job?.taskId, status: "completed", result }, { token: tokenOf(job) });
    const basedOnLeadId = (await getTask(context, first.taskId)).leads[0]?.id;
    const input = { ...findEmailInput("Before"), lead: { name: "Before", company: "Elsewhere" } };
    const second = await submitLead(context, { input, formKey: randomUUID(), basedOnLeadId });
    expect((await getTask(context, second.taskId)).earlier).toEqual({
      taskId: first.taskId,
      lead: { name: "Before", company: "Analytical Engines" },
      result,
    });
    expect((await getTask(context, first.taskId)).earlier).toBeNull();
  });

  test("is submitted all the same where the earlier one is not there", async () => {
    const given = { input: findEmailInput("Alone"), formKey: randomUUID(), basedOnLeadId: randomUUID() };
    const { taskId } = await submitLead(bench.context, given);
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running", earlier: null });
  });
});

describe("what changed", () => {
  test("is told field by field, and nothing of what stayed", () => {
    expect(compareLeads({ name: "Ada", company: "AE" }, { name: "Ada", title: "Countess" })).toEqual([
      { name: "title", before: null, after: "Countess" },
      { name: "company", before: "AE", after: null },
    ]);
    const before = { structured_data: { title: "CTO", size: 5 }, confidence_score: 7 };
    const after = { structured_data: { title: "CEO", size: 5, tags: ["a"] }, confidence_score: 7 };
    expect(compareResults(before, after)).toEqual([
      { name: "title", before: "CTO", after: "CEO" },
      { name: "tags", before: null, after: '["a"]' },
    ]);
    expect(compareResults({ ...before, cost_cents: 5 }, { ...before, cost_cents: 7, task_id: "x" })).toEqual([]);
  });
});
