/**
 * The shapes that go over the wire between us and Sixtyfour, as their documentation gives them. Everything here is
 * loose on purpose: unknown fields are kept, unknown task types and statuses are no error. Where two versions of the
 * documentation differ, both shapes are read and the newest is sent.
 */
import { z } from "zod";

/** Headers of a webhook delivery. The signature covers the body alone, so the others are hints. */
export const SIXTYFOUR_HEADERS = {
  signature: "sixtyfour-signature",
  eventId: "sixtyfour-event-id",
  eventType: "sixtyfour-event-type",
  deliveryAttempt: "sixtyfour-delivery-attempt",
} as const;

/** Opaque, often a UUID. What is far longer than any id is none, and Postgres could not index it. */
const sixtyfourTaskId = z.string().min(1).max(512);

/** Answer of every async endpoint; `status` may be missing, `pending`, `queued` or `RUNNING`. */
export const sixtyfourSubmitAnswer = z.looseObject({
  task_id: sixtyfourTaskId,
  status: z.string().optional(),
});
export type SixtyfourSubmitAnswer = z.infer<typeof sixtyfourSubmitAnswer>;

/** Answer of the bulk file endpoints: a count or a price that can't be read is not known, and no reason to refuse it. */
export const sixtyfourFileAnswer = sixtyfourSubmitAnswer.extend({
  row_count: z.number().nullish().catch(null),
  estimated_cost_cents: z.number().nullish().catch(null),
  already_started: z.boolean().nullish().catch(null),
});

/** Answer of `GET /check-balance`. */
export const sixtyfourBalance = z.looseObject({ credits: z.number() });

/** Answer of `GET /job-status/{task_id}`. */
export const sixtyfourJobStatus = z.looseObject({
  status: z.string().min(1),
  task_type: z.string().nullish(),
  result: z.unknown().optional(),
  results: z.unknown().optional(),
  /** US cents, where `cost_units=cents` was asked for. */
  charge_amount: z.number().nullish(),
  error: z.unknown().optional(),
  message: z.unknown().optional(),
  detail: z.unknown().optional(),
});
export type SixtyfourJobStatus = z.infer<typeof sixtyfourJobStatus>;

/** Body of a webhook delivery about one job. */
export const sixtyfourWebhookEvent = z.looseObject({
  task_id: sixtyfourTaskId,
  status: z.string().min(1),
  task_type: z.string().nullish(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});
export type SixtyfourWebhookEvent = z.infer<typeof sixtyfourWebhookEvent>;

/** Where a job stands, in our words. A status that we don't know counts as still running. */
export type JobState = "running" | "completed" | "failed" | "cancelled";

const JOB_STATES = new Map<string, JobState>([
  ["completed", "completed"],
  ["failed", "failed"],
  ["terminated", "failed"],
  ["timed_out", "failed"],
  ["cancelled", "cancelled"],
  ["canceled", "cancelled"],
]);

/** Reads a `status` of job-status or of a webhook, in whatever case it is written. */
export function readJobState(status: string): JobState {
  return JOB_STATES.get(status.trim().toLowerCase()) ?? "running";
}

/** One file of a bulk job's result. */
export interface ResultFile {
  /** Null where Sixtyfour gave none. */
  fileName: string | null;
  /** A signed link that is good for some minutes only. */
  url: string;
  blockNumber: number | null;
  rowCount: number | null;
}

const resultFile = z.looseObject({
  filename: z.string().nullish().catch(null),
  download_url: z.url({ protocol: /^https?$/ }),
  block_number: z.coerce.number().nullish().catch(null),
  row_count: z.number().nullish().catch(null),
});

/**
 * Reads job-status' `results`, in the order of their block numbers: the last one is the whole result. Entries without
 * a link are left out, and one without a number counts as the lowest.
 */
export function readResultFiles(results: unknown): ResultFile[] {
  if (!Array.isArray(results)) return [];
  const files = results.flatMap((entry): ResultFile[] => {
    const { data } = resultFile.safeParse(entry);
    if (!data) return [];
    const { filename, download_url, block_number, row_count } = data;
    const blockNumber = block_number ?? null;
    return [{ fileName: filename ?? null, url: download_url, blockNumber, rowCount: row_count ?? null }];
  });
  const rank = ({ blockNumber }: ResultFile) => blockNumber ?? Number.NEGATIVE_INFINITY;
  return files.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** What an error answer says: a sentence, and messages for single fields where it is a 422. */
export interface SixtyfourErrorDetail {
  message: string | null;
  /** `path` is FastAPI's `loc` without its leading `body`, for example `["lead", "email"]`. */
  fields: { path: string[]; message: string }[];
}

const fieldIssue = z.looseObject({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() });
const errorAnswer = z.looseObject({
  detail: z
    .union([z.string(), z.array(fieldIssue)])
    .optional()
    .catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
});

/** Reads an error answer in any of its three documented shapes; HTML, nothing, or anything else says nothing. */
export function readErrorDetail(body: unknown): SixtyfourErrorDetail {
  const parsed = errorAnswer.safeParse(body);
  if (!parsed.success) return { message: null, fields: [] };
  const { detail, message, error } = parsed.data;
  if (Array.isArray(detail)) {
    const fields = detail.map((issue) => ({
      path: issue.loc.map(String).filter((part, index) => index > 0 || part !== "body"),
      message: issue.msg,
    }));
    return { message: fields.map((field) => `${field.path.join(".")}: ${field.message}`).join("; ") || null, fields };
  }
  return { message: detail ?? message ?? error ?? null, fields: [] };
}
