import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  hasOption,
  pathOf,
  TASK_KIND_IDS,
  TASK_KINDS,
  type TaskKind,
  type TaskKindId,
  toSixtyfourRequest,
} from "@/lib/sixtyfour/task-kinds";
import { isAtlasTier } from "@/lib/sixtyfour/task-options";
import { parseLead, parseOptions, parseTaskInput } from "@/lib/tasks/task-input";
import { DOCUMENTED_REQUESTS } from "@/sandbox/documented-requests";
import { ENDPOINTS } from "@/sandbox/endpoints";
import { FILE_ENDPOINTS } from "@/sandbox/file-endpoints";

const VALUES: Record<string, string> = {
  text: "Ada Lovelace",
  email: "ada@example.com",
  phone: "+1 202 555 0143",
  linkedin: "linkedin.com/in/ada",
  domain: "acme.com",
  website: "acme.com",
};

const STRUCT = [
  { name: "industry", description: "Industry", type: "str" },
  { name: "tags", description: "Words for it", type: "list[str]" },
];
const LONG_TEXT = "Look twice. ".repeat(800);

/** Every option of any kind. */
const EVERYTHING = {
  mode: "PERSONAL",
  struct: STRUCT,
  lead_struct: STRUCT,
  research_plan: LONG_TEXT,
  people_focus_prompt: LONG_TEXT,
  verify_emails: false,
  field_confidence: true,
  find_people: true,
  full_org_chart: true,
  qualification_criteria: [
    { criteria_name: "Sells to businesses", description: "Not to consumers", weight: "2,5", threshold: "0.7" },
    { criteria_name: "In Europe", description: "Any office", weight: "", threshold: "" },
  ],
  score_criteria: true,
  references: [{ url: "acme.com/pricing", description: "Our prices" }],
  max_tool_calls: "50",
};

/** The options of an investigation, which only its tiers take. */
const ATLAS = { include_workspace: true, budget: "10", investigation_id: "inv_0123456789" };

/** The required options alone. */
const LEAST = {
  mode: "PROFESSIONAL",
  tier: "low",
  struct: STRUCT.slice(0, 1),
  qualification_criteria: [{ criteria_name: "Fits", description: "In any way", weight: "", threshold: "" }],
};

/** Those options that a kind has. */
const ofKind = <T extends object>(kind: TaskKindId, options: T) =>
  Object.fromEntries(Object.entries(options).filter(([name]) => hasOption(kind, name))) as Partial<T>;

/** The longest webhook address that the documentation allows. */
const webhook_url = `https://hooks.example/${"x".repeat(2061)}`;

const leadOf = ({ fields }: TaskKind) => Object.fromEntries(fields.map(({ name, type }) => [name, VALUES[type] ?? ""]));
const draftsOf = (id: TaskKindId, tier: string | undefined) =>
  [
    ["everything", ofKind(id, { ...EVERYTHING, ...(isAtlasTier(tier) ? ATLAS : {}), tier })],
    ["the least", ofKind(id, LEAST)],
  ] as const;

function findFaults(path: string, body: unknown): string[] {
  const schema = z.fromJSONSchema(DOCUMENTED_REQUESTS[path] ?? { type: "null" });
  const { error } = schema.safeParse(JSON.parse(JSON.stringify(body)));
  return error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];
}

/** True for a path that takes an idempotency key in the body. */
const takesDispatchId = (path: string) => "dispatch_id" in (DOCUMENTED_REQUESTS[path]?.properties ?? {});

test("each endpoint of the sandbox has a documented request", () => {
  expect(Object.keys(DOCUMENTED_REQUESTS).sort()).toEqual([...ENDPOINTS.keys(), ...FILE_ENDPOINTS.keys()].sort());
});

describe.each(TASK_KIND_IDS)("%s", (id) => {
  const kind: TaskKind = TASK_KINDS[id];
  const drafts = draftsOf(id, kind.options.tiers?.at(-1));

  test.each(drafts)("sends a documented request with %s filled in", (_, options) => {
    const { input, errors } = parseTaskInput({ ...options, kind: id, lead: leadOf(kind) });
    expect(errors).toBeUndefined();
    const path = pathOf(kind, "single");
    const body = toSixtyfourRequest(id, "single", [input?.lead ?? {}], input?.options ?? {});
    const dispatchId = takesDispatchId(path) ? { dispatch_id: crypto.randomUUID() } : {};
    expect(findFaults(path, { ...body, ...dispatchId, webhook_url })).toEqual([]);
  });

  test.runIf(kind.bulk).each(drafts)("sends a documented request of many leads with %s filled in", (_, given) => {
    const { options, errors } = parseOptions(id, { ...given, kind: id });
    expect(errors).toBeUndefined();
    const { lead } = parseLead(id, leadOf(kind));
    const leads = Array.from({ length: kind.bulk?.maxLeads ?? 0 }, () => lead ?? {});
    const body = toSixtyfourRequest(id, "bulk", leads, options ?? {});
    expect(findFaults(pathOf(kind, "bulk"), { ...body, webhook_url })).toEqual([]);
  });

  // The guide names no tier above this one for files.
  test.runIf(kind.file).each(draftsOf(id, "high"))(
    "sends a documented config with a file, with %s filled in",
    (_, given) => {
      const { options, errors } = parseOptions(id, { ...given, kind: id });
      expect(errors).toBeUndefined();
      const body = toSixtyfourRequest(id, "file", [], options ?? {});
      expect(findFaults(pathOf(kind, "file"), { ...body, webhook_url })).toEqual([]);
    },
  );
});

describe("the check itself", () => {
  const PEOPLE = "/people-intelligence-async";
  const COMPANY = "/company-intelligence-async";
  const lead_info = { name: "Ada" };
  const criterion = { criteria_name: "Fit", description: "Any" };

  test.each<[string, string, object]>([
    ["a field that the path does not have", COMPANY, { target_company: {}, struct: {}, dispatch_id: "12345678" }],
    ["a missing lead", PEOPLE, {}],
    ["a tier that companies don't have", COMPANY, { target_company: {}, struct: {}, tier: "scout" }],
    ["an unknown type", PEOPLE, { lead_info, struct: { a: { description: "x", type: "text" } } }],
    [
      "a typed field for the QA agent",
      "/qa-agent-async",
      { data: {}, qualification_criteria: [criterion], struct: { a: {} } },
    ],
    ["51 tool calls", "/qa-agent-async", { data: {}, qualification_criteria: [criterion], max_tool_calls: 51 }],
    ["a budget of 11", PEOPLE, { lead_info, budget: 11 }],
    ["a dispatch_id of 7 characters", PEOPLE, { lead_info, dispatch_id: "1234567" }],
    ["a lead without the email", "/reverse-email-async", { lead: { phone: "1" } }],
    ["101 leads", "/find-email-bulk-async", { leads: Array.from({ length: 101 }, () => lead_info) }],
    ["a long webhook_url", PEOPLE, { lead_info, webhook_url: `${webhook_url}x` }],
    ["a webhook_url that is no URL", PEOPLE, { lead_info, webhook_url: "hooks" }],
  ])("finds %s", (_, path, body) => {
    expect(findFaults(path, body)).not.toEqual([]);
  });
});
