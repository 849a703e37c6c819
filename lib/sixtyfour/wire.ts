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
