import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  groupedTaskKinds,
  hasOption,
  pathOf,
  TASK_KIND_IDS,
  TASK_KINDS,
  type TaskKind,
  type TaskKindId,
  tierOf,
  timingOf,
  toSixtyfourRequest,
} from "@/lib/sixtyfour/task-kinds";
import { parseLead, parseOptions, parseTaskInput } from "@/lib/tasks/task-input";
import { createSandboxControl } from "@/sandbox/control-client";
import { ENDPOINTS } from "@/sandbox/endpoints";
import { type Sandbox, startSandbox } from "@/sandbox/server";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const VALUES: Record<string, string> = {
  text: "Ada Lovelace",
  email: "ada@example.com",
  phone: "+1 202 555 0143",
  linkedin: "linkedin.com/in/ada",
  domain: "acme.com",
  website: "acme.com",
};

const STRUCT = [
  { name: "industry", description: "What it does", type: "str" },
  { name: "tags", description: "Words for it", type: "list[str]" },
];

/** Everything that any kind offers. */
const EVERYTHING = {
  mode: "PERSONAL",
  tier: "medium",
  struct: STRUCT,
  lead_struct: STRUCT,
  research_plan: "Look twice.",
  people_focus_prompt: "Engineers",
  verify_emails: false,
  field_confidence: true,
  find_people: true,
  full_org_chart: true,
  qualification_criteria: [
    { criteria_name: "Sells to businesses", description: "Not to consumers", weight: "2,5", threshold: "0.7" },
    { criteria_name: "In Europe", description: "Where it is", weight: "", threshold: "" },
  ],
  score_criteria: true,
  references: [{ url: "acme.com/pricing", description: "Our prices" }],
  max_tool_calls: "5",
};

/** The required options, and no more. */
const LEAST = {
  mode: "PROFESSIONAL",
  tier: "low",
  struct: STRUCT.slice(0, 1),
  qualification_criteria: [{ criteria_name: "Fits", description: "In any way", weight: "", threshold: "" }],
};

/** Those options that a kind has. */
const ofKind = <T extends object>(kind: TaskKindId, options: T) =>
  Object.fromEntries(Object.entries(options).filter(([name]) => hasOption(kind, name))) as Partial<T>;

const leadOf = ({ fields }: TaskKind) => Object.fromEntries(fields.map(({ name, type }) => [name, VALUES[type] ?? ""]));

async function post(path: string, request: unknown) {
  const response = await fetch(`${sandbox.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": "sandbox", "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  expect(await response.json()).toMatchObject({ status: "RUNNING" });
  return (await createSandboxControl(sandbox.url).jobs()).at(-1);
}

describe.each(TASK_KIND_IDS)("%s", (id) => {
  const kind: TaskKind = TASK_KINDS[id];

  test.each([
    ["everything", EVERYTHING],
    ["the least", LEAST],
  ])("makes a request that the API accepts, with %s filled in", async (_, options) => {
    const { input, errors } = parseTaskInput({ kind: id, lead: leadOf(kind), ...ofKind(id, options) });
    expect(errors).toBeUndefined();
    if (!input) return;
    const job = await post(pathOf(kind, "single"), toSixtyfourRequest(id, "single", [input.lead], input.options));
    expect(kind.taskTypes).toContain(job?.taskType);
    expect(job?.body[kind.leadKey]).toEqual(input.lead);
  });

  test.runIf(kind.bulk).each([
    ["everything", EVERYTHING],
    ["the least", LEAST],
  ])("makes one request of many leads that the API accepts, with %s filled in", async (_, given) => {
    const { options } = parseOptions(id, { kind: id, ...ofKind(id, given) });
    const { lead } = parseLead(id, leadOf(kind));
    const leads = Array.from({ length: kind.bulk?.maxLeads ?? 0 }, () => lead ?? {});
    const job = await post(pathOf(kind, "bulk"), toSixtyfourRequest(id, "bulk", leads, options ?? {}));
    expect(kind.taskTypes).toContain(job?.taskType);
    expect(job?.body.leads).toEqual(leads);
  });
});

test("a list goes as a file to where the kind takes files, and leads alone or together to their own endpoints", () => {
  const paths = (id: TaskKindId) =>
    (["single", "bulk", "file"] as const).map((shape) => pathOf(TASK_KINDS[id] as TaskKind, shape));
  expect(paths("find_email").slice(0, 2)).toEqual(["/find-email-async", "/find-email-bulk-async"]);
  expect(paths("people_intelligence").at(-1)).toBe("/bulk-intelligence/people");
  expect(paths("company_intelligence").at(-1)).toBe("/bulk-intelligence/company");
});

test("every kind is in one group", () => {
  expect(groupedTaskKinds().flatMap(({ kinds }) => kinds)).toEqual(TASK_KIND_IDS);
});

test.each(["research_agent", "qa_agent"] as const)("%s is sent whatever else is known", async (id) => {
  const given = { name: "Ada", "Trade fair": "Berlin\n2026", plan_2: "Gold" };
  const { input } = parseTaskInput({ kind: id, lead: given, ...ofKind(id, LEAST) });
  const job = await post(
    pathOf(TASK_KINDS[id], "single"),
    toSixtyfourRequest(id, "single", [input?.lead ?? {}], {
      ...input?.options,
    }),
  );
  expect(job?.body[TASK_KINDS[id].leadKey]).toEqual(given);
});

test("every endpoint of the sandbox is offered by a kind, but for older names of others", () => {
  const offered = TASK_KIND_IDS.flatMap((id) => [pathOf(TASK_KINDS[id], "single"), pathOf(TASK_KINDS[id], "bulk")]);
  const older = ["/enrich-lead-async", "/enrich-company-async"];
  expect(new Set([...offered, ...older])).toEqual(new Set(ENDPOINTS.keys()));
});

test("the request has the chosen options in the words of the API", () => {
  const { options } = parseOptions("qa_agent", { kind: "qa_agent", ...ofKind("qa_agent", EVERYTHING) });
  expect(toSixtyfourRequest("qa_agent", "single", [{ name: "Ada" }], options ?? {})).toEqual({
    data: { name: "Ada" },
    qualification_criteria: [
      { criteria_name: "Sells to businesses", description: "Not to consumers", weight: 2.5, threshold: 0.7 },
      { criteria_name: "In Europe", description: "Where it is", weight: 1, threshold: null },
    ],
    references: [{ url: "https://acme.com/pricing", description: "Our prices" }],
    max_tool_calls: 5,
    struct: {
      industry: "What it does",
      tags: "Words for it",
      score_sells_to_businesses: "How well the lead meets “Sells to businesses”, from 0 to 10",
      score_in_europe: "How well the lead meets “In Europe”, from 0 to 10",
    },
  });
});

test("a qualification asks for a score, a verdict, the reason and a recommendation by default, as descriptions alone", async () => {
  const { defaultStruct }: TaskKind["options"] = TASK_KINDS.qa_agent.options;
  const draft = {
    kind: "qa_agent",
    ...ofKind("qa_agent", LEAST),
    struct: [...(defaultStruct ?? [])],
  };
  const request = toSixtyfourRequest(
    "qa_agent",
    "single",
    [{ name: "Ada" }],
    parseOptions("qa_agent", draft).options ?? {},
  );
  expect(Object.keys(request.struct as object)).toEqual(["suitability_score", "verdict", "reason", "recommendation"]);
  expect((request.struct as Record<string, string>).suitability_score).toContain("a whole number from 0 to 10");
  expect((request.struct as Record<string, string>).verdict).toMatch(/YES.*NO/);
  expect((await post("/qa-agent-async", request))?.body.struct).toEqual(request.struct);
});

test("an Atlas run names its budget, its investigation and whether workspace files come back", () => {
  const draft = { kind: "people_intelligence", tier: "scout", budget: "3", investigation_id: "inv_1" };
  const { options } = parseOptions("people_intelligence", draft);
  expect(toSixtyfourRequest("people_intelligence", "single", [{ name: "Ada" }], options ?? {})).toEqual({
    lead_info: { name: "Ada" },
    tier: "scout",
    include_workspace: false,
    budget: 3,
    investigation_id: "inv_1",
    field_confidence: true,
  });
});

test.each([
  ["people_intelligence", "micro", "1 to 4 minutes", 60, 900],
  ["people_intelligence", null, "about 4 minutes", 120, 900],
  ["people_intelligence", "low", "about 4 minutes", 120, 900],
  ["company_intelligence", "medium", "about 4 minutes", 120, 900],
  ["company_intelligence", "high", "about 8 minutes", 240, 1_800],
  ["people_intelligence", "xhigh", "15 minutes or more", 600, 3_600],
  ["people_intelligence", "scout", "15 minutes or more", 600, 3_600],
  ["find_email", "high", "2 to 10 seconds", 3, 30],
  ["a_kind_of_the_past", "high", "a few minutes", 10, 600],
])("a job of %s at tier %s takes %s", (kind, tier, typicalTime, firstPollAfterSeconds, slowestSeconds) => {
  expect(timingOf(kind, tier)).toMatchObject({ typicalTime, firstPollAfterSeconds, slowestSeconds });
});

test("the tier of a stored request is the one that it names", () => {
  expect(tierOf({ tier: "high" })).toBe("high");
  expect([tierOf({}), tierOf({ tier: 5 })]).toEqual([null, null]);
});

test("a kind has the options of its entry, and Atlas options where one of its tiers has them", () => {
  const of = (name: string) => TASK_KIND_IDS.filter((id) => hasOption(id, name));
  expect(of("mode")).toEqual(["find_email"]);
  expect(of("tier")).toEqual(["people_intelligence", "company_intelligence"]);
  expect(of("budget")).toEqual(["people_intelligence"]);
  expect(of("qualification_criteria")).toEqual(["qa_agent"]);
  expect(of("providers")).toEqual([]);
});
