import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandboxControl } from "@/sandbox/control-client";
import { type Sandbox, startSandbox } from "@/sandbox/server";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const lead = { name: "Ada Lovelace", company: "Analytical Engines" };

/** Returns the body of a 422. A text is sent as it is, anything else as JSON. */
async function refusal(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": "test", "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  expect(response.status).toBe(422);
  return response.json();
}

describe("a submit", () => {
  test("of text that is no JSON is refused as FastAPI does", async () => {
    expect(await refusal("/find-email-async", '{"lead": ')).toMatchObject({
      detail: [{ type: "json_invalid", loc: ["body", expect.any(Number)], msg: "JSON decode error" }],
    });
  });

  test.each<[string, string, unknown, unknown]>([
    ["a text", "/find-email-async", '"text"', { loc: ["body"], type: "model_attributes_type" }],
    ["a list", "/find-email-async", [], { loc: ["body"], type: "model_attributes_type" }],
    ["no lead", "/find-email-async", {}, { loc: ["body", "lead"], msg: "Field required", type: "missing" }],
    ["a lead that is text", "/find-email-async", { lead: "Ada" }, { loc: ["body", "lead"], type: "dict_type" }],
    ["a lead that is a list", "/find-email-async", { lead: [] }, { loc: ["body", "lead"], type: "dict_type" }],
    ["an empty lead", "/find-email-async", { lead: {} }, { loc: ["body", "lead"], type: "value_error" }],
    ["a blank lead", "/find-email-async", { lead: { name: " " } }, { loc: ["body", "lead"], type: "value_error" }],
    [
      "an unknown mode",
      "/find-email-async",
      { lead, mode: "WORK" },
      { loc: ["body", "mode"], type: "literal_error", msg: "Input should be 'PROFESSIONAL' or 'PERSONAL'" },
    ],
    [
      "verify_emails as text",
      "/find-email-async",
      { lead, verify_emails: "yes" },
      { loc: ["body", "verify_emails"], type: "bool_type" },
    ],
    [
      "providers as text",
      "/find-phone-async",
      { lead, providers: "x" },
      { loc: ["body", "providers"], type: "list_type" },
    ],
    ["no leads", "/find-email-bulk-async", { leads: [] }, { loc: ["body", "leads"], type: "too_short" }],
    [
      "101 leads",
      "/find-phone-bulk-async",
      { leads: Array.from({ length: 101 }, () => lead) },
      { loc: ["body", "leads"], type: "too_long", msg: "List should have at most 100 items after validation, not 101" },
    ],
    [
      "one bad lead of many",
      "/find-email-bulk-async",
      { leads: [lead, 7] },
      { loc: ["body", "leads", 1], type: "dict_type" },
    ],
    ["no email", "/reverse-email-async", { lead }, { loc: ["body", "lead", "email"], type: "missing" }],
    [
      "no phone",
      "/reverse-phone-bulk-async",
      { leads: [lead] },
      { loc: ["body", "leads", 0, "phone"], type: "missing" },
    ],
    [
      "an unknown tier",
      "/people-intelligence-async",
      { lead_info: lead, tier: "max" },
      { loc: ["body", "tier"], type: "literal_error" },
    ],
    [
      "a people tier for a company",
      "/company-intelligence-async",
      { target_company: lead, struct: { ceo: "Who leads it" }, tier: "scout" },
      { loc: ["body", "tier"], type: "literal_error" },
    ],
    [
      "a struct that is a list",
      "/people-intelligence-async",
      { lead_info: lead, struct: ["title"] },
      { loc: ["body", "struct"], type: "dict_type" },
    ],
    [
      "a struct field that is a number",
      "/people-intelligence-async",
      { lead_info: lead, struct: { title: 3 } },
      { loc: ["body", "struct", "title"] },
    ],
    [
      "a struct field without a description",
      "/people-intelligence-async",
      { lead_info: lead, struct: { title: { type: "str" } } },
      { loc: ["body", "struct", "title", "description"], type: "missing" },
    ],
    [
      "a struct field of an unknown type",
      "/people-intelligence-async",
      { lead_info: lead, struct: { title: { description: "Title", type: "text" } } },
      { loc: ["body", "struct", "title", "type"], type: "literal_error" },
    ],
    [
      "a company without struct",
      "/company-intelligence-async",
      { target_company: lead },
      { loc: ["body", "struct"], type: "missing" },
    ],
    [
      "criteria that are no list",
      "/qa-agent-async",
      { data: lead, qualification_criteria: {} },
      { loc: ["body", "qualification_criteria"], type: "list_type" },
    ],
    [
      "a criterion without a name",
      "/qa-agent-async",
      { data: lead, qualification_criteria: [{ description: "x" }] },
      { loc: ["body", "qualification_criteria", 0, "criteria_name"], type: "missing" },
    ],
    [
      "a threshold above 10",
      "/qa-agent-async",
      { data: lead, qualification_criteria: [{ criteria_name: "Fit", description: "x", threshold: 11 }] },
      { loc: ["body", "qualification_criteria", 0, "threshold"], type: "less_than_equal" },
    ],
    [
      "a weight of 0",
      "/qa-agent-async",
      { data: lead, qualification_criteria: [{ criteria_name: "Fit", description: "x", weight: 0 }] },
      {
        loc: ["body", "qualification_criteria", 0, "weight"],
        type: "greater_than",
        msg: "Input should be greater than 0",
      },
    ],
    [
      "51 tool calls",
      "/qa-agent-async",
      { data: lead, qualification_criteria: [{ criteria_name: "Fit", description: "x" }], max_tool_calls: 51 },
      { loc: ["body", "max_tool_calls"], type: "less_than_equal" },
    ],
    [
      "a QA struct field that is an object",
      "/qa-agent-async",
      {
        data: lead,
        qualification_criteria: [{ criteria_name: "Fit", description: "x" }],
        struct: { verdict: { description: "x", type: "str" } },
      },
      { loc: ["body", "struct", "verdict"], type: "string_type" },
    ],
    [
      "a dispatch_id of 7 characters",
      "/people-intelligence-async",
      { lead_info: lead, dispatch_id: "1234567" },
      { loc: ["body", "dispatch_id"], type: "string_too_short" },
    ],
    [
      "a dispatch_id of 129 characters",
      "/enrich-lead-async",
      { lead_info: lead, dispatch_id: "x".repeat(129) },
      { loc: ["body", "dispatch_id"], type: "string_too_long" },
    ],
    [
      "a budget of 11",
      "/people-intelligence-async",
      { lead_info: lead, tier: "scout", budget: 11 },
      { loc: ["body", "budget"], type: "less_than_equal" },
    ],
    [
      "a struct of 101 fields",
      "/people-intelligence-async",
      { lead_info: lead, struct: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, "x"])) },
      { loc: ["body", "struct"], type: "value_error" },
    ],
    [
      "an empty webhook_url",
      "/find-email-async",
      { lead, webhook_url: "" },
      { loc: ["body", "webhook_url"], type: "string_too_short" },
    ],
    [
      "a webhook_url of 2,084 characters",
      "/find-email-async",
      { lead, webhook_url: `https://hooks.example/${"x".repeat(2062)}` },
      { loc: ["body", "webhook_url"], type: "string_too_long" },
    ],
    [
      "a webhook_url that is no URL",
      "/find-email-async",
      { lead, webhook_url: "hooks" },
      { loc: ["body", "webhook_url"], type: "url_parsing" },
    ],
    [
      "a webhook_url of http elsewhere",
      "/find-email-async",
      { lead, webhook_url: "http://hooks.example/" },
      { loc: ["body", "webhook_url"], type: "url_scheme" },
    ],
  ])("with %s is refused with 422 and says where", async (_what, path, body, issue) => {
    expect(await refusal(path, body)).toEqual({ detail: [expect.objectContaining(issue as object)] });
    expect((await createSandboxControl(sandbox.url).stats()).accepted).toBe(0);
  });

  test("without any body is refused", async () => {
    expect(await refusal("/find-email-async", "")).toEqual({
      detail: [{ loc: ["body"], msg: "Field required", type: "missing" }],
    });
  });
});
