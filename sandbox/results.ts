/** Made-up results in the API's shapes. The same request gives the same result, and nothing else decides it. */
import { findBehaviours } from "@/sandbox/behaviours";
import { imagineMailbox, imaginePhone, imagineSubject, type Subject } from "@/sandbox/fiction";
import { PRICE_CENTS, tierCents } from "@/sandbox/prices";
import type {
  CompanyRequest,
  FindEmailRequest,
  Lead,
  PeopleRequest,
  QaRequest,
  ResearchRequest,
  Struct,
} from "@/sandbox/requests";
import { type SeededRandom, seededRandom } from "@/sandbox/seeded-random";
import { imagineStruct } from "@/sandbox/struct-values";

export interface MadeResult {
  result: unknown;
  costCents: number;
}

interface Found {
  result: Record<string, unknown>;
  costCents: number;
}

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

export function findEmail(lead: Lead, options: Omit<FindEmailRequest, "lead">): Found {
  const random = seededRandom({ task: "find_email", lead, options: withoutWebhook(options) });
  const subject = imagineSubject(lead, random);
  const mailbox = imagineMailbox(subject.name, random);
  const isPersonal = options.mode === "PERSONAL";
  const address = `${mailbox}@${isPersonal ? "mail.example" : subject.domain}`;
  const luck = random.int(1, 100);
  const isFound = finds(lead, luck > 8);
  const status = luck > 20 && options.verify_emails ? "OK" : "UNKNOWN";
  const emails = isFound ? [[address, status, isPersonal ? "PERSONAL" : "COMPANY"]] : [];
  const costCents = isFound ? PRICE_CENTS.email : 0;
  return {
    result: {
      name: subject.name,
      company: subject.company,
      [isPersonal ? "personal_email" : "email"]: emails,
      cost_cents: costCents,
    },
    costCents,
  };
}

export function findPhone(lead: Lead, options: object): Found {
  const random = seededRandom({ task: "find_phone", lead, options: withoutWebhook(options) });
  const subject = imagineSubject(lead, random);
  const phone = imaginePhone(random);
  const luck = random.int(1, 100);
  const isFound = finds(lead, luck > 12);
  const costCents = isFound ? PRICE_CENTS.phone : 0;
  // The documentation shows a string; a list is seen as well, so a reader has to know both.
  const phones = !isFound ? [] : luck > 85 ? [phone, imaginePhone(random)] : phone;
  return { result: { name: subject.name, company: subject.company, phone: phones, cost_cents: costCents }, costCents };
}

/** Who stands behind an address or a number. */
export function reverse(key: "email" | "phone", lead: Lead, options: object): Found {
  const random = seededRandom({ task: `reverse_${key}`, lead, options: withoutWebhook(options) });
  const subject = imagineSubject(lead, random);
  const isFound = finds(lead, random.chance(0.9));
  const costCents = isFound ? PRICE_CENTS.reverse : 0;
  const person = isFound ? aboutPerson(subject) : { name: null, company: null };
  return { result: { [key]: lead[key], ...person, cost_cents: costCents }, costCents };
}

/** A finder over many leads: each comes out as if it had been sent alone, in the order of the leads. */
export function forEachLead(leads: Lead[], find: (lead: Lead) => Found): MadeResult {
  const found = leads.map(find);
  return {
    result: found.map(({ result }) => result),
    costCents: found.reduce((total, { costCents }) => total + costCents, 0),
  };
}

export function researchPerson(request: PeopleRequest): Researched {
  const random = seededRandom({ task: "enrich_lead", request: withoutWebhook(request) });
  const subject = imagineSubject(request.lead_info, random);
  const result = report({
    subject,
    isFound: finds(request.lead_info),
    struct: namesFields(request.struct) ? request.struct : PERSON_STRUCT,
    withConfidence: request.field_confidence !== false,
    random,
  });
  return { result, costCents: tierCents(request) };
}

export function researchCompany(request: CompanyRequest): Researched {
  const random = seededRandom({ task: "enrich_company", request: withoutWebhook(request) });
  const { name, ...about } = request.target_company;
  const { company, ...rest } = imagineSubject({ company: name, ...about }, random);
  const isFound = finds(request.target_company);
  const result = report({
    subject: { ...rest, company, name: company },
    isFound,
    struct: request.struct,
    withConfidence: request.field_confidence !== false,
    random,
  });
  const costCents = tierCents(request);
  if (!request.find_people && !request.full_org_chart) return { result, costCents };

  const size = !isFound ? 0 : request.full_org_chart ? random.int(6, 9) : random.int(2, 4);
  const people = Array.from({ length: size }, () => {
    const person = imagineSubject({ company, domain: rest.domain }, random);
    return imagineStruct(namesFields(request.lead_struct) ? request.lead_struct : PERSON_STRUCT, person, random);
  });
  return { result: { ...result, people }, costCents };
}

export function researchAnything(request: ResearchRequest): MadeResult {
  const random = seededRandom({ task: "research_agent", request: withoutWebhook(request) });
  const result = report({
    subject: imagineSubject(request.input_data, random),
    isFound: finds(request.input_data),
    struct: namesFields(request.struct) ? request.struct : { summary: "What was found" },
    withConfidence: true,
    random,
  });
  return { result, costCents: PRICE_CENTS.research };
}

/** A score for each criterion, and their weighted mean. */
export function judge(request: QaRequest): MadeResult {
  const random = seededRandom({ task: "qa_agent", request: withoutWebhook(request) });
  const criteria = request.qualification_criteria.map(({ criteria_name, weight, threshold }) => {
    const score = random.decimal(0.2, 1);
    const passed = threshold === null || threshold === undefined || score >= threshold;
    const reasoning = `The sources ${passed ? "support" : "do not support"} “${criteria_name}”.`;
    return { criteria_name, score, weight, threshold: threshold ?? null, passed, reasoning };
  });
  const totalWeight = criteria.reduce((total, { weight }) => total + weight, 0);
  const weighted = criteria.reduce((total, { score, weight }) => total + score * weight, 0);
  const subject = imagineSubject(request.data, random);
  return {
    result: {
      qualified: criteria.every(({ passed }) => passed),
      total_score: totalWeight > 0 ? Math.round((weighted / totalWeight) * 100) / 100 : 0,
      criteria,
      ...(request.struct ? { structured_data: imagineStruct(request.struct, subject, random) } : {}),
      references: referencesFor(subject),
    },
    costCents: PRICE_CENTS.qa,
  };
}

/** The result that every intelligence job shares. */
function report(input: {
  subject: Subject;
  isFound: boolean;
  struct: Struct;
  withConfidence: boolean;
  random: SeededRandom;
}): Researched["result"] {
  const { subject, random } = input;
  const fields = imagineStruct(input.struct, subject, random);
  const names = Object.keys(fields);
  if (!input.isFound) {
    return {
      structured_data: Object.fromEntries(names.map((name) => [name, null])),
      confidence_score: 0,
      references: {},
      notes: "Nothing could be found.",
      findings: [],
      field_confidence: input.withConfidence ? Object.fromEntries(names.map((name) => [name, 0])) : {},
    };
  }
  const confidence = Object.fromEntries(names.map((name) => [name, random.decimal(0.55, 0.99)]));
  return {
    structured_data: fields,
    confidence_score: random.decimal(5, 10),
    references: referencesFor(subject),
    notes: `Made-up research about ${subject.company}, for development only.`,
    findings: [
      `${subject.company} is active in ${subject.industry.toLowerCase()}.`,
      `Its public pages name ${subject.location} as a place of work.`,
    ],
    field_confidence: input.withConfidence ? confidence : {},
  };
}

function aboutPerson({ name, company, title, location, linkedin }: Subject): Record<string, string> {
  return { name, company, title, location, linkedin };
}

function referencesFor(subject: Subject): Record<string, string> {
  return {
    [`https://${subject.domain}/about`]: `What ${subject.company} says about itself`,
    [`https://news.example/${subject.domain.replace(/\.example$/, "")}`]: `An article on ${subject.company}`,
  };
}

export function namesFields(struct: Struct | null | undefined): struct is Struct {
  return Object.keys(struct ?? {}).length > 0;
}

/** Whether something is found: by luck, unless the lead's name settles it. */
function finds(lead: Lead, isLucky = true): boolean {
  const behaviours = findBehaviours([lead]);
  return behaviours.has("alwaysFound") || (isLucky && !behaviours.has("nothingFound"));
}

/** Where the result should be sent decides nothing about it. */
function withoutWebhook<T extends object>(request: T): Record<string, unknown> {
  return { ...request, webhook_url: undefined };
}
