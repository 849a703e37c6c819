/** The async endpoints: one entry for each path. Nothing about an endpoint stands anywhere else. */
import type { z } from "zod";
import { findEmail, findPhone, forEachLead, reverse } from "@/sandbox/finder-results";
import { researchAnything, researchCompany, researchPerson } from "@/sandbox/intelligence-results";
import type { MadeResult } from "@/sandbox/made-result";
import { emailCents, PRICE_CENTS, tierCents } from "@/sandbox/prices";
import { judge } from "@/sandbox/qa-result";
import { type Lead, requests } from "@/sandbox/requests";

export type RequestBody = Record<string, unknown>;

export interface Endpoint {
  taskType: string;
  schema: z.ZodType<RequestBody>;
  durationInMs: readonly [min: number, max: number];
  /** Its jobs have many leads, so job-status tells how many are done. */
  hasProgress?: true;
  /** It takes an idempotency key in the body, as `dispatch_id`. */
  takesDispatchId?: true;
  /** Where it is set, the answer names the request fields that are not in it. */
  knownFields?: ReadonlySet<string>;
  /** Returns the leads of a body that the schema has accepted. */
  leadsOf(body: RequestBody): Lead[];
  /** Returns the highest cost of a body that the schema has accepted: the price of each lead that is found. */
  estimateCents(body: RequestBody): number;
  /** Makes the result of a body that the schema has accepted, with its cost. */
  makeResult(body: RequestBody): MadeResult;
}

/** Tiers that need access from Sixtyfour. The schema of a path decides which tiers it knows at all. */
export const GATED_TIERS: ReadonlySet<unknown> = new Set(["high", "xhigh", "scout"]);

const FINDER_MS = [2_000, 4_000] as const;
const INTELLIGENCE_MS = [6_000, 12_000] as const;
const RESEARCH_MS = [8_000, 15_000] as const;

/** Makes an entry of functions that take the body as its schema parses it. */
export function endpoint<T extends RequestBody>(entry: {
  taskType: string;
  schema: z.ZodType<T>;
  durationInMs: readonly [number, number];
  hasProgress?: true;
  takesDispatchId?: true;
  knownFields?: ReadonlySet<string>;
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
  cents: number | ((request: T) => number),
  makeResult: (request: T) => MadeResult,
): Endpoint {
  const leadsOf = ({ lead }: T) => [lead];
  const centsPerLead = typeof cents === "number" ? () => cents : cents;
  return endpoint({ taskType, schema, durationInMs: FINDER_MS, leadsOf, centsPerLead, makeResult });
}

function bulkFinder<T extends RequestBody & { leads: Lead[] }>(
  taskType: string,
  schema: z.ZodType<T>,
  cents: number | ((request: T) => number),
  makeResult: (request: T) => MadeResult,
): Endpoint {
  return endpoint({
    taskType,
    schema,
    durationInMs: FINDER_MS,
    hasProgress: true,
    leadsOf: ({ leads }) => leads,
    centsPerLead: typeof cents === "number" ? () => cents : cents,
    makeResult,
  });
}

const people = endpoint({
  taskType: "enrich_lead",
  schema: requests.people,
  durationInMs: INTELLIGENCE_MS,
  takesDispatchId: true,
  knownFields: new Set(Object.keys(requests.people.shape)),
  leadsOf: (request) => [request.lead_info],
  centsPerLead: tierCents,
  makeResult: researchPerson,
});
const company = endpoint({
  taskType: "enrich_company",
  schema: requests.company,
  durationInMs: INTELLIGENCE_MS,
  knownFields: new Set(Object.keys(requests.company.shape)),
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
  "/find-email-async": finder("find_email", requests.findEmail, emailCents, ({ lead, ...options }) =>
    findEmail(lead, options),
  ),
  "/find-email-bulk-async": bulkFinder("find_email_bulk", requests.findEmailBulk, emailCents, ({ leads, ...options }) =>
    forEachLead(leads, (lead) => findEmail(lead, options)),
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
