/**
 * The request schemas of Sixtyfour's documentation, as JSON Schema without its descriptions: those of its OpenAPI
 * document of 2026-05-01, and the fields that a later one adds. They are written down apart from the schemas by which the
 * sandbox accepts requests, so that one mistake can't be in both.
 */

import type { z } from "zod";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const text: JsonSchema = { type: "string" };
const flag: JsonSchema = { type: "boolean" };
const anyObject: JsonSchema = { type: "object", additionalProperties: true };
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: "null" }] });
const oneOf = (...values: string[]): JsonSchema => ({ type: "string", enum: values });
const listOf = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const objectWith = (name: string): JsonSchema => ({ ...anyObject, properties: { [name]: text }, required: [name] });

/** A request takes no other fields than these: a field with a wrong name would be ignored, and paid for. */
function request(properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema {
  return { type: "object", properties: { ...properties, webhook_url }, required, additionalProperties: false };
}

const webhook_url = orNull({ type: "string", format: "uri", minLength: 1, maxLength: 2083 });
const providers = orNull(listOf(text));
const finder = { providers };
const emailFinder = { providers, mode: oneOf("PROFESSIONAL", "PERSONAL"), verify_emails: flag };
const leads = (lead: JsonSchema): JsonSchema => ({ ...listOf(lead), minItems: 1, maxItems: 100 });

const outputType = oneOf(
  "str",
  "string",
  "int",
  "float",
  "bool",
  "list",
  "list[str]",
  "list[string]",
  "list[int]",
  "list[float]",
  "list[bool]",
  "dict",
);
const outputField: JsonSchema = {
  type: "object",
  properties: { description: text, type: outputType },
  required: ["description"],
  additionalProperties: false,
};
const struct: JsonSchema = {
  type: "object",
  maxProperties: 100,
  additionalProperties: { anyOf: [text, outputField] },
};

const legacy = { max_iterations: orNull({ type: "integer" }), benchmark: orNull(flag) };
const research = { research_plan: orNull(text), field_confidence: flag };
const people = {
  ...research,
  struct: orNull(struct),
  tier: orNull(oneOf("micro", "low", "medium", "high", "xhigh", "scout")),
};
const company = {
  ...research,
  struct,
  find_people: flag,
  people_focus_prompt: orNull(text),
  lead_struct: orNull(struct),
  full_org_chart: flag,
  tier: orNull(oneOf("micro", "low", "medium", "high")),
};
const investigation = {
  dispatch_id: { type: "string", minLength: 8, maxLength: 128 },
  include_workspace: flag,
  investigation_id: text,
  investigation_name: text,
  budget: { type: "integer", minimum: 1, maximum: 10 },
} satisfies Record<string, JsonSchema>;

const criterion: JsonSchema = {
  type: "object",
  properties: {
    criteria_name: text,
    description: text,
    weight: { type: "number", exclusiveMinimum: 0 },
    threshold: orNull({ type: "number", minimum: 0, maximum: 10 }),
  },
  required: ["criteria_name", "description"],
  additionalProperties: false,
};
const qa: Record<string, JsonSchema> = {
  data: anyObject,
  qualification_criteria: listOf(criterion),
  references: orNull(
    listOf({
      type: "object",
      properties: { url: text, description: text },
      required: ["url", "description"],
      additionalProperties: false,
    }),
  ),
  struct: orNull({ type: "object", maxProperties: 100, additionalProperties: text }),
  max_tool_calls: orNull({ type: "integer", minimum: 1, maximum: 50 }),
};

const file = { columns: {}, result_formats: listOf(text), save_json: flag } satisfies Record<string, JsonSchema>;

const peopleRequest = request({ ...people, ...legacy, ...investigation, lead_info: anyObject }, "lead_info");
const companyRequest = request({ ...company, ...legacy, target_company: anyObject }, "target_company", "struct");

/** The body of a request by its path; of a bulk file, the config that is sent with it. */
export const DOCUMENTED_REQUESTS: Record<string, JsonSchema> = {
  "/find-email-async": request({ ...emailFinder, lead: anyObject }, "lead"),
  "/find-email-bulk-async": request({ ...emailFinder, leads: leads(anyObject) }, "leads"),
  "/find-phone-async": request({ ...finder, lead: anyObject }, "lead"),
  "/find-phone-bulk-async": request({ ...finder, leads: leads(anyObject) }, "leads"),
  "/reverse-email-async": request({ ...finder, lead: objectWith("email") }, "lead"),
  "/reverse-email-bulk-async": request({ ...finder, leads: leads(objectWith("email")) }, "leads"),
  "/reverse-phone-async": request({ ...finder, lead: objectWith("phone") }, "lead"),
  "/reverse-phone-bulk-async": request({ ...finder, leads: leads(objectWith("phone")) }, "leads"),
  "/people-intelligence-async": peopleRequest,
  "/enrich-lead-async": peopleRequest,
  "/company-intelligence-async": companyRequest,
  "/enrich-company-async": companyRequest,
  "/research-agent-async": request(
    { ...legacy, input_data: anyObject, struct: orNull(struct), research_plan: orNull(text) },
    "input_data",
  ),
  "/qa-agent-async": request(qa, "data", "qualification_criteria"),
  "/bulk-intelligence/people": request({ ...people, ...file }),
  "/bulk-intelligence/company": request({ ...company, ...file }, "struct"),
};
