/** The endpoints that take a file of leads: one entry a path. */
import type { z } from "zod";
import { ENDPOINTS, type Endpoint, endpoint, type RequestBody } from "@/sandbox/endpoints";
import { leadOfRow } from "@/sandbox/lead-file";
import { tierCents } from "@/sandbox/prices";
import { fileConfigs, type Lead, type LeadFile, requests, type Struct } from "@/sandbox/requests";
import { namesFields, PERSON_STRUCT, researchCompany, researchPerson } from "@/sandbox/results";

export interface FileEndpoint extends Endpoint {
  /** Of what comes beside the file; `schema` is that of both together. */
  configSchema: z.ZodType<RequestBody>;
  /** What the result of a body that the schema has accepted adds to the file, row by row. */
  enrich(body: RequestBody): Enrichment;
}

export interface Enrichment {
  columns: string[];
  /** One value for each of the columns. */
  valuesOf(lead: Lead): unknown[];
}

const FILE_MS = [15_000, 30_000] as const;

/** What decides about a row's result; the same as in a request for it alone, so that the result is the same. */
const OPTIONS = ["struct", "tier", "research_plan", "field_confidence"] as const;

const people: FileEndpoint = {
  ...endpoint({ taskType: "bulk_intelligence_people", schema: requests.peopleFile, ...aboutFile() }),
  configSchema: fileConfigs.people,
  enrich(body) {
    const { struct } = requests.peopleFile.parse(body);
    const options = pick(body, OPTIONS);
    return enrichment(namesFields(struct) ? struct : PERSON_STRUCT, (lead) =>
      researchPerson({ ...options, lead_info: lead }),
    );
  },
};

const company: FileEndpoint = {
  ...endpoint({ taskType: "bulk_intelligence_company", schema: requests.companyFile, ...aboutFile() }),
  configSchema: fileConfigs.company,
  enrich(body) {
    const { struct, find_people, full_org_chart } = requests.companyFile.parse(body);
    const options = pick(body, [...OPTIONS, "people_focus_prompt", "lead_struct"]);
    return enrichment(struct, (lead) =>
      researchCompany({ ...options, struct, find_people, full_org_chart, target_company: lead }),
    );
  },
};

export const FILE_ENDPOINTS: ReadonlyMap<string, FileEndpoint> = new Map([
  ["/bulk-intelligence/people", people],
  ["/bulk-intelligence/company", company],
]);

/** The endpoint of a path, whatever it takes. */
export function findEndpoint(path: string): Endpoint | undefined {
  return ENDPOINTS.get(path) ?? FILE_ENDPOINTS.get(path);
}

type FileRequest = RequestBody & { file: LeadFile; tier?: Parameters<typeof tierCents>[0]["tier"] };

function aboutFile() {
  return {
    durationInMs: FILE_MS,
    leadsOf: ({ file }: FileRequest) => file.rows.map((cells) => leadOfRow(file.columns, cells)),
    centsPerLead: tierCents,
    makeResult: (request: FileRequest) => {
      const row_count = request.file.rows.length;
      return { result: { row_count }, costCents: row_count * tierCents(request) };
    },
  };
}

function enrichment(
  struct: Struct,
  research: (lead: Lead) => { result: { structured_data: Record<string, unknown> } },
): Enrichment {
  const columns = Object.keys(struct);
  return {
    columns,
    valuesOf(lead) {
      const { structured_data } = research(lead).result;
      return columns.map((column) => structured_data[column]);
    },
  };
}

function pick<K extends string>(body: RequestBody, keys: readonly K[]): RequestBody {
  return Object.fromEntries(keys.filter((key) => body[key] !== undefined).map((key) => [key, body[key]]));
}
