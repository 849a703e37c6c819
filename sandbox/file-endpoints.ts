/** The endpoints that take a file of leads: one entry for each path. */
import type { z } from "zod";
import { ENDPOINTS, type Endpoint, endpoint, type RequestBody } from "@/sandbox/endpoints";
import { namesFields, PERSON_STRUCT, researchCompany, researchPerson } from "@/sandbox/intelligence-results";
import { leadOfRow } from "@/sandbox/lead-file";
import { tierCents } from "@/sandbox/prices";
import { pythonText } from "@/sandbox/python-text";
import { fileConfigs, type Lead, type LeadFile, requests } from "@/sandbox/requests";
import { seededRandom } from "@/sandbox/seeded-random";

export interface FileEndpoint extends Endpoint {
  /** The schema of the config alone; `schema` is the one of config and file together. */
  configSchema: z.ZodType<RequestBody>;
  /** Returns the columns that the result of a body that the schema has accepted adds to the file. */
  enrich(body: RequestBody): Enrichment;
}

export interface Enrichment {
  columns: string[];
  /** Returns one value for each of the columns. */
  valuesOf(lead: Lead): unknown[];
}

const FILE_MS = [15_000, 30_000] as const;

/** The fields that decide about a row's result. They are those of a request for it alone, so the result is the same. */
const OPTIONS = ["struct", "tier", "research_plan", "field_confidence"] as const;

const people: FileEndpoint = {
  ...endpoint({ taskType: "bulk_intelligence_people", schema: requests.peopleFile, ...aboutFile() }),
  configSchema: fileConfigs.people,
  enrich(body) {
    const { struct } = requests.peopleFile.parse(body);
    const options = pick(body, OPTIONS);
    const columns = Object.keys(namesFields(struct) ? struct : PERSON_STRUCT);
    return { columns, valuesOf: (lead) => cellsOf(columns, researchPerson({ ...options, lead_info: lead }).result) };
  },
};

const company: FileEndpoint = {
  ...endpoint({ taskType: "bulk_intelligence_company", schema: requests.companyFile, ...aboutFile() }),
  configSchema: fileConfigs.company,
  enrich(body) {
    const { struct, find_people, full_org_chart } = requests.companyFile.parse(body);
    const options = pick(body, [...OPTIONS, "people_focus_prompt", "lead_struct"]);
    const columns = Object.keys(struct);
    const hasPeople = find_people || full_org_chart;
    return {
      columns: hasPeople ? [...columns, "leads"] : columns,
      valuesOf(lead) {
        const { result } = researchCompany({ ...options, struct, find_people, full_org_chart, target_company: lead });
        const cells = cellsOf(columns, result);
        return hasPeople ? [...cells, cellOfPeople(lead, result)] : cells;
      },
    };
  },
};

export const FILE_ENDPOINTS: ReadonlyMap<string, FileEndpoint> = new Map([
  ["/bulk-intelligence/people", people],
  ["/bulk-intelligence/company", company],
]);

/** Returns the endpoint of a path, of either sort. */
export function findEndpoint(path: string): Endpoint | undefined {
  return ENDPOINTS.get(path) ?? FILE_ENDPOINTS.get(path);
}

type FileRequest = RequestBody & { file: LeadFile; tier?: Parameters<typeof tierCents>[0]["tier"] };

function aboutFile() {
  return {
    durationInMs: FILE_MS,
    hasProgress: true as const,
    leadsOf: ({ file }: FileRequest) => file.rows.map((cells) => leadOfRow(file.columns, cells)),
    centsPerLead: tierCents,
    makeResult: (request: FileRequest) => {
      const row_count = request.file.rows.length;
      return { result: { row_count }, costCents: row_count * tierCents(request) };
    },
  };
}

function cellsOf(columns: string[], { structured_data }: { structured_data: Record<string, unknown> }): unknown[] {
  return columns.map((column) => structured_data[column]);
}

/** The people of a company stand in one cell, as JSON or in Python's notation. */
function cellOfPeople(lead: Lead, result: { structured_data: Record<string, unknown>; people?: unknown }): unknown {
  const people = result.structured_data.leads ?? result.people;
  return seededRandom({ cellOfPeople: lead }).chance(0.4) ? pythonText(people) : people;
}

function pick<K extends string>(body: RequestBody, keys: readonly K[]): RequestBody {
  return Object.fromEntries(keys.filter((key) => body[key] !== undefined).map((key) => [key, body[key]]));
}
