/** The async endpoints: one entry a path, and nothing about an endpoint anywhere else. */
import type { z } from "zod";
import { PRICE_CENTS, tierCents } from "@/sandbox/prices";
import { type Lead, requests } from "@/sandbox/requests";
import {
  findEmail,
  findPhone,
  forEachLead,
  judge,
  type MadeResult,
  researchAnything,
  researchCompany,
  researchPerson,
  reverse,
} from "@/sandbox/results";

export type RequestBody = Record<string, unknown>;

export interface Endpoint {
  taskType: string;
  schema: z.ZodType<RequestBody>;
  durationInMs: readonly [min: number, max: number];
  /** The leads of a body that the schema has accepted. */
  leadsOf(body: RequestBody): Lead[];
  /** The most that a body that the schema has accepted may cost, which is what each lead costs that is found. */
  estimateCents(body: RequestBody): number;
  /** What comes of a body that the schema has accepted, with its cost. */
  makeResult(body: RequestBody): MadeResult;
}

/** Tiers that need access from Sixtyfour; which of them a path knows at all is its schema's matter. */
export const GATED_TIERS: ReadonlySet<unknown> = new Set(["high", "xhigh", "scout"]);

const FINDER_MS = [2_000, 4_000] as const;
const INTELLIGENCE_MS = [6_000, 12_000] as const;
const RESEARCH_MS = [8_000, 15_000] as const;

/** An entry whose functions take what its schema makes of a body. */
export function endpoint<T extends RequestBody>(entry: {
  taskType: string;
  schema: z.ZodType<T>;
  durationInMs: readonly [number, number];
  leadsOf: (request: T) => Lead[];
  centsPerLead: (request: T) => number;
  makeResult: (request: T) => MadeResult;
}): Endpoint {
  return {
    ...entry,
    leadsOf: (body) => entry.leadsOf(entry.schema.parse(body)),
    estimateCents: (body) => {
      const request = entry.schema.parse(body);
      return entry.leadsOf(request).length * entry.centsPerLead(request);
    },
    makeResult: (body) => entry.makeResult(entry.schema.parse(body)),
  };
}

function finder<T extends RequestBody & { lead: Lead }>(
  taskType: string,
  schema: z.ZodType<T>,
  cents: number,
  makeResult: (request: T) => MadeResult,
): Endpoint {
  const leadsOf = ({ lead }: T) => [lead];
  return endpoint({ taskType, schema, durationInMs: FINDER_MS, leadsOf, centsPerLead: () => cents, makeResult });
}

function bulkFinder<T extends RequestBody & { leads: Lead[] }>(
  taskType: string,
  schema: z.ZodType<T>,
  cents: number,
  makeResult: (request: T) => MadeResult,
): Endpoint {
  const leadsOf = ({ leads }: T) => leads;
  return endpoint({ taskType, schema, durationInMs: FINDER_MS, leadsOf, centsPerLead: () => cents, makeResult });
}

const people = endpoint({
  taskType: "enrich_lead",
  schema: requests.people,
  durationInMs: INTELLIGENCE_MS,
  leadsOf: (request) => [request.lead_info],
  centsPerLead: tierCents,
  makeResult: researchPerson,
});
const company = endpoint({
  taskType: "enrich_company",
  schema: requests.company,
  durationInMs: INTELLIGENCE_MS,
  leadsOf: (request) => [request.target_company],
  centsPerLead: tierCents,
  makeResult: researchCompany,
});

const research = endpoint({
  taskType: "research_agent",
  schema: requests.research,
  durationInMs: RESEARCH_MS,
  leadsOf: (request) => [request.input_data],
  centsPerLead: () => PRICE_CENTS.research,
  makeResult: researchAnything,
});
const qa = endpoint({
  taskType: "qa_agent",
  schema: requests.qa,
  durationInMs: RESEARCH_MS,
  leadsOf: (request) => [request.data],
  centsPerLead: () => PRICE_CENTS.qa,
  makeResult: judge,
});

const byPath: Record<string, Endpoint> = {
  "/find-email-async": finder("find_email", requests.findEmail, PRICE_CENTS.email, ({ lead, ...options }) =>
    findEmail(lead, options),
  ),
  "/find-email-bulk-async": bulkFinder(
    "find_email_bulk",
    requests.findEmailBulk,
    PRICE_CENTS.email,
    ({ leads, ...options }) => forEachLead(leads, (lead) => findEmail(lead, options)),
  ),
  "/find-phone-async": finder("find_phone", requests.findPhone, PRICE_CENTS.phone, ({ lead, ...options }) =>
    findPhone(lead, options),
  ),
  "/find-phone-bulk-async": bulkFinder(
    "find_phone_bulk",
    requests.findPhoneBulk,
    PRICE_CENTS.phone,
    ({ leads, ...options }) => forEachLead(leads, (lead) => findPhone(lead, options)),
  ),
  "/reverse-email-async": finder("reverse_email", requests.reverseEmail, PRICE_CENTS.reverse, ({ lead, ...options }) =>
    reverse("email", lead, options),
  ),
  "/reverse-email-bulk-async": bulkFinder(
    "reverse_email_bulk",
    requests.reverseEmailBulk,
    PRICE_CENTS.reverse,
    ({ leads, ...options }) => forEachLead(leads, (lead) => reverse("email", lead, options)),
  ),
  "/reverse-phone-async": finder("reverse_phone", requests.reversePhone, PRICE_CENTS.reverse, ({ lead, ...options }) =>
    reverse("phone", lead, options),
  ),
  "/reverse-phone-bulk-async": bulkFinder(
    "reverse_phone_bulk",
    requests.reversePhoneBulk,
    PRICE_CENTS.reverse,
    ({ leads, ...options }) => forEachLead(leads, (lead) => reverse("phone", lead, options)),
  ),
  "/people-intelligence-async": people,
  "/enrich-lead-async": people,
  "/company-intelligence-async": company,
  "/enrich-company-async": company,
  "/research-agent-async": research,
  "/qa-agent-async": qa,
};

export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(Object.entries(byPath));
