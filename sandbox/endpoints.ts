/** The async endpoints: one entry a path, and nothing about an endpoint anywhere else. */
import type { z } from "zod";
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
  /** What comes of a body that the schema has accepted, with its cost. */
  makeResult(body: RequestBody): MadeResult;
}

/** Tiers that need access from Sixtyfour; which of them a path knows at all is its schema's matter. */
export const GATED_TIERS: ReadonlySet<unknown> = new Set(["high", "xhigh", "scout"]);

const FINDER_MS = [2_000, 4_000] as const;
const INTELLIGENCE_MS = [6_000, 12_000] as const;
const RESEARCH_MS = [8_000, 15_000] as const;

function endpoint<T extends RequestBody>(entry: {
  taskType: string;
  schema: z.ZodType<T>;
  durationInMs: readonly [number, number];
  leadsOf: (request: T) => Lead[];
  makeResult: (request: T) => MadeResult;
}): Endpoint {
  return {
    ...entry,
    leadsOf: (body) => entry.leadsOf(entry.schema.parse(body)),
    makeResult: (body) => entry.makeResult(entry.schema.parse(body)),
  };
}

function finder<T extends RequestBody & { lead: Lead }>(
  taskType: string,
  schema: z.ZodType<T>,
  makeResult: (request: T) => MadeResult,
): Endpoint {
  return endpoint({ taskType, schema, durationInMs: FINDER_MS, leadsOf: ({ lead }) => [lead], makeResult });
}

function bulkFinder<T extends RequestBody & { leads: Lead[] }>(
  taskType: string,
  schema: z.ZodType<T>,
  makeResult: (request: T) => MadeResult,
): Endpoint {
  return endpoint({ taskType, schema, durationInMs: FINDER_MS, leadsOf: ({ leads }) => leads, makeResult });
}

const people = endpoint({
  taskType: "enrich_lead",
  schema: requests.people,
  durationInMs: INTELLIGENCE_MS,
  leadsOf: (request) => [request.lead_info],
  makeResult: researchPerson,
});
const company = endpoint({
  taskType: "enrich_company",
  schema: requests.company,
  durationInMs: INTELLIGENCE_MS,
  leadsOf: (request) => [request.target_company],
  makeResult: researchCompany,
});

const research = endpoint({
  taskType: "research_agent",
  schema: requests.research,
  durationInMs: RESEARCH_MS,
  leadsOf: (request) => [request.input_data],
  makeResult: researchAnything,
});
const qa = endpoint({
  taskType: "qa_agent",
  schema: requests.qa,
  durationInMs: RESEARCH_MS,
  leadsOf: (request) => [request.data],
  makeResult: judge,
});

const byPath: Record<string, Endpoint> = {
  "/find-email-async": finder("find_email", requests.findEmail, ({ lead, ...options }) => findEmail(lead, options)),
  "/find-email-bulk-async": bulkFinder("find_email_bulk", requests.findEmailBulk, ({ leads, ...options }) =>
    forEachLead(leads, (lead) => findEmail(lead, options)),
  ),
  "/find-phone-async": finder("find_phone", requests.findPhone, ({ lead, ...options }) => findPhone(lead, options)),
  "/find-phone-bulk-async": bulkFinder("find_phone_bulk", requests.findPhoneBulk, ({ leads, ...options }) =>
    forEachLead(leads, (lead) => findPhone(lead, options)),
  ),
  "/reverse-email-async": finder("reverse_email", requests.reverseEmail, ({ lead, ...options }) =>
    reverse("email", lead, options),
  ),
  "/reverse-email-bulk-async": bulkFinder("reverse_email_bulk", requests.reverseEmailBulk, ({ leads, ...options }) =>
    forEachLead(leads, (lead) => reverse("email", lead, options)),
  ),
  "/reverse-phone-async": finder("reverse_phone", requests.reversePhone, ({ lead, ...options }) =>
    reverse("phone", lead, options),
  ),
  "/reverse-phone-bulk-async": bulkFinder("reverse_phone_bulk", requests.reversePhoneBulk, ({ leads, ...options }) =>
    forEachLead(leads, (lead) => reverse("phone", lead, options)),
  ),
  "/people-intelligence-async": people,
  "/enrich-lead-async": people,
  "/company-intelligence-async": company,
  "/enrich-company-async": company,
  "/research-agent-async": research,
  "/qa-agent-async": qa,
};

export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(Object.entries(byPath));
