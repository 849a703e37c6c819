/** Made-up results of the intelligence jobs and of the research agent, in the API's shapes. */
import { imagineSubject, type Subject } from "@/sandbox/fiction";
import { imaginePeople } from "@/sandbox/found-people";
import { finds, isAlwaysFound, type MadeResult, seedOf } from "@/sandbox/made-result";
import { imagineNoValue } from "@/sandbox/no-value";
import { isAtlasTier, PRICE_CENTS, tierCents } from "@/sandbox/prices";
import type { CompanyRequest, Lead, PeopleRequest, ResearchRequest, Struct } from "@/sandbox/requests";
import { type SeededRandom, seededRandom } from "@/sandbox/seeded-random";
import { imagineStruct } from "@/sandbox/struct-values";

interface Researched {
  /** `structured_data` has one value for each field of the struct, in its order. */
  result: { structured_data: Record<string, unknown>; [key: string]: unknown };
  costCents: number;
}

export const PERSON_STRUCT: Struct = {
  name: "Full name",
  title: "Job title",
  company: "Employer",
  location: "Where they work",
  linkedin: "LinkedIn profile",
};

/** Researches one person. An investigation adds `workspace_files` unless the request declines them. */
export function researchPerson(request: PeopleRequest): Researched {
  const seed = { task: "enrich_lead", request: seedOf(request) };
  const random = seededRandom(seed);
  const subject = imagineSubject(request.lead_info, random);
  const result = report({
    lead: request.lead_info,
    subject,
    struct: namesFields(request.struct) ? request.struct : PERSON_STRUCT,
    withConfidence: request.field_confidence !== false,
    random,
    seed,
  });
  const withFiles = isAtlasTier(request.tier) && request.include_workspace !== false;
  return {
    result: withFiles ? { ...result, workspace_files: workspaceFiles(subject) } : result,
    costCents: tierCents(request),
  };
}

/** Researches one company. With find_people or full_org_chart its people stand in `structured_data.leads`. */
export function researchCompany(request: CompanyRequest): Researched {
  const seed = { task: "enrich_company", request: seedOf(request) };
  const random = seededRandom(seed);
  const { name, ...about } = request.target_company;
  const { company, ...rest } = imagineSubject({ company: name, ...about }, random);
  const result = report({
    lead: request.target_company,
    subject: { ...rest, company, name: company },
    struct: request.struct,
    withConfidence: request.field_confidence !== false,
    random,
    seed,
  });
  const costCents = tierCents(request);
  if (!request.find_people && !request.full_org_chart) return { result, costCents };

  const isFound = finds(request.target_company);
  const size = !isFound ? 0 : request.full_org_chart ? random.int(6, 9) : random.int(2, 4);
  const people = imaginePeople({ company, domain: rest.domain, size, struct: request.lead_struct }, random);
  return { result: withPeople(result, people, seededRandom(["people", seed])), costCents };
}

/** Adds people where the API has them, and for a few requests where older clients read them: also, or only there. */
function withPeople(
  result: Researched["result"],
  people: Record<string, unknown>[],
  random: SeededRandom,
): Researched["result"] {
  const form = random.int(1, 10);
  const isOnlyOld = form === 1;
  return {
    ...result,
    structured_data: isOnlyOld ? result.structured_data : { ...result.structured_data, leads: people },
    ...(isOnlyOld || form === 2 ? { people } : {}),
  };
}

/** Researches anything; without a struct the answer is a summary. */
export function researchAnything(request: ResearchRequest): MadeResult {
  const seed = { task: "research_agent", request: seedOf(request) };
  const random = seededRandom(seed);
  const result = report({
    lead: request.input_data,
    subject: imagineSubject(request.input_data, random),
    struct: namesFields(request.struct) ? request.struct : { summary: "A short summary" },
    withConfidence: true,
    random,
    seed,
  });
  return { result, costCents: PRICE_CENTS.research };
}

/** A field without a value is rare in a result that has any. */
const CHANCE_OF_GAP = 0.08;
/** The OpenAPI's example has a share, the tutorials have points of 10. */
const CHANCE_OF_SHARES = 0.3;

/** Returns the result that every intelligence job shares. */
function report(input: {
  lead: Lead;
  subject: Subject;
  struct: Struct;
  withConfidence: boolean;
  random: SeededRandom;
  seed: unknown;
}): Researched["result"] {
  const { lead, subject, random } = input;
  const found = imagineStruct(input.struct, subject, random);
  const isFound = finds(lead);
  // A chance of its own, so that a gap moves no other value.
  const chance = seededRandom(["gaps", input.seed]);
  const scale = chance.chance(CHANCE_OF_SHARES) ? 1 : 10;
  const onScale = (share: number) => Math.round(share * scale * 100) / 100;

  const fields: Record<string, unknown> = {};
  const confidence: Record<string, number> = {};
  for (const [name, value] of Object.entries(found)) {
    const share = random.decimal(0.55, 0.99);
    const isGap = !isFound || (chance.chance(CHANCE_OF_GAP) && !isAlwaysFound(lead));
    fields[name] = isGap ? imagineNoValue(chance) : value;
    confidence[name] = isGap ? 0 : onScale(share);
  }
  const field_confidence = input.withConfidence ? confidence : {};
  if (!isFound) {
    return {
      structured_data: fields,
      confidence_score: 0,
      references: {},
      notes: "Nothing could be found about this lead.",
      findings: [],
      field_confidence,
    };
  }
  return {
    structured_data: fields,
    confidence_score: onScale(random.decimal(5, 10) / 10),
    references: referencesFor(subject),
    notes: `Made-up research about ${subject.company}, for development only.`,
    findings: [
      `${subject.company} is active in ${subject.industry.toLowerCase()}.`,
      `Its public pages name ${subject.location} as a place of work.`,
    ],
    field_confidence,
  };
}

function referencesFor(subject: Subject): Record<string, string> {
  return {
    [`https://${subject.domain}/about`]: `What ${subject.company} says about itself`,
    [`https://news.example/${subject.domain.replace(/\.example$/, "")}`]: `An article on ${subject.company}`,
  };
}

function workspaceFiles(subject: Subject): Record<string, string>[] {
  return [
    { path: "report.md", content: `# ${subject.name}\n\nMade-up research, for development only.\n` },
    { path: "sources.csv", content: `url\nhttps://${subject.domain}/about\n` },
  ];
}

/** True if a struct names any field. */
export function namesFields(struct: Struct | null | undefined): struct is Struct {
  return Object.keys(struct ?? {}).length > 0;
}
