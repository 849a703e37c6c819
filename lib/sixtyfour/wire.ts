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

/** Text where the API may send another type: a number or boolean as text, anything else as null. */
const looseText = z
  .union([z.string(), z.number().transform(String), z.boolean().transform(String)])
  .nullish()
  .catch(null)
  .transform((text) => text ?? null);

/** Longer than any word for a status or a type is. */
const MAX_WORD_LENGTH = 200;
const looseWord = looseText.transform((text) => text?.slice(0, MAX_WORD_LENGTH) ?? null);

/** A number, also one that came as text; anything else as null. */
const looseNumber = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/)
      .transform(Number),
  ])
  .nullish()
  .catch(null)
  .transform((number) => number ?? null);

/** Opaque, often a UUID. A text far longer than any id is not one, and Postgres could not index it. */
const sixtyfourTaskId = z.union([z.string(), z.number().transform(String)]).pipe(z.string().min(1).max(512));

/** An investigation of an Atlas run; `workspaceUrl` is null where it is no https address. */
export interface Investigation {
  id: string;
  workspaceUrl: string | null;
}

const investigation = z
  .looseObject({
    id: z.union([z.string().min(1).max(512), z.number().transform(String)]),
    workspace_url: z.unknown().optional(),
  })
  .nullish()
  .catch(null)
  .transform((given): Investigation | null => {
    if (!given) return null;
    const url = z.url({ protocol: /^https$/ }).safeParse(given.workspace_url);
    return { id: given.id, workspaceUrl: url.success ? url.data : null };
  });

/** More than a request can have, and longer than a name is. */
const MAX_FIELD_NAMES = 100;
const MAX_FIELD_NAME_LENGTH = 200;

/** A field may be a name, a path such as `body.budget`, or an object that holds one of these. */
const unrecognizedField = z.unknown().transform((given): string[] => {
  const record = z.looseObject({}).safeParse(given).data;
  const named = record ? (record.field ?? record.name ?? record.loc) : given;
  const path = (Array.isArray(named) ? named : [named]).filter(
    (part) => typeof part === "string" || Number.isInteger(part),
  );
  const name = path.join(".").replace(/^body\./, "");
  return name && name.length <= MAX_FIELD_NAME_LENGTH ? [name] : [];
});

/** Answer of every async endpoint; `status` may be missing, null, `pending`, `queued` or `RUNNING`. */
export const sixtyfourSubmitAnswer = z.looseObject({
  task_id: sixtyfourTaskId,
  status: looseWord,
  /** Request fields that were ignored; empty where all were understood. */
  unrecognized_fields: z
    .union([z.array(unrecognizedField), unrecognizedField.transform((names) => [names])])
    .nullish()
    .catch(null)
    .transform((fields) => [...new Set((fields ?? []).flat())].slice(0, MAX_FIELD_NAMES)),
  investigation,
});

/** Answer of the bulk file endpoints. A count or a price that can't be read is unknown, and no reason to refuse the answer. */
export const sixtyfourFileAnswer = sixtyfourSubmitAnswer.extend({
  row_count: looseNumber,
  /** A floor: options such as find_people can bill more. Left out on replays. */
  estimated_cost_cents: looseNumber,
  already_started: z.boolean().nullish().catch(null),
});

/** Answer of `GET /check-balance`. */
export const sixtyfourBalance = z.looseObject({ credits: looseNumber.pipe(z.number()) });

/** Answer of `GET /job-status/{task_id}`. */
export const sixtyfourJobStatus = z.looseObject({
  status: looseWord,
  task_type: looseWord,
  result: z.unknown().optional(),
  results: z.unknown().optional(),
  /** US cents, for `cost_units=cents`. */
  charge_amount: looseNumber,
  /** Credits, for `cost_units=credits`. */
  charge_credits: looseNumber,
  /** How many of its leads a bulk job is done with. */
  progress: z
    .looseObject({ completed: looseNumber.pipe(z.number().min(0)), total: looseNumber.pipe(z.number().positive()) })
    .nullish()
    .catch(null)
    .transform((given) => (given ? { completed: Math.min(given.completed, given.total), total: given.total } : null)),
  investigation,
  error: z.unknown().optional(),
  message: z.unknown().optional(),
  detail: z.unknown().optional(),
});
export type SixtyfourJobStatus = z.infer<typeof sixtyfourJobStatus>;

/** Body of a webhook delivery about one job. */
export const sixtyfourWebhookEvent = z
  .looseObject({
    task_id: sixtyfourTaskId,
    status: looseWord,
    task_type: looseWord,
    result: z.unknown().optional(),
    error: z.unknown().optional(),
  })
  .refine((event) => event.status || event.result || event.error);
export type SixtyfourWebhookEvent = z.infer<typeof sixtyfourWebhookEvent>;

/** State of a job, in our words. A status that we don't know counts as still running. */
export type JobState = "running" | "completed" | "failed" | "cancelled";

const JOB_STATES = new Map<string, JobState>([
  ["completed", "completed"],
  ["failed", "failed"],
  ["terminated", "failed"],
  ["timed_out", "failed"],
  ["cancelled", "cancelled"],
  ["canceled", "cancelled"],
]);

/**
 * Reads the state of a job from job-status or a webhook, in whatever case its `status` is written. Where the status is
 * missing, a result, results, an error or the time of its end says that the job has ended.
 */
export function readJobState(report: {
  status: string | null;
  result?: unknown;
  results?: unknown;
  error?: unknown;
  close_time?: unknown;
}): JobState {
  const status = report.status?.trim().toLowerCase();
  if (status) return JOB_STATES.get(status) ?? "running";
  const isGiven = (value: unknown) => value !== null && value !== undefined;
  if (isGiven(report.result) || (Array.isArray(report.results) && report.results.length > 0)) return "completed";
  if (report.error) return "failed";
  return report.close_time ? "completed" : "running";
}

/** What an error answer says: a sentence, and messages for single fields where it is a 422. */
export interface SixtyfourErrorDetail {
  message: string | null;
  /** `path` is FastAPI's `loc` without its leading `body`, for example `["lead", "email"]`. */
  fields: { path: string[]; message: string }[];
}

const fieldIssue = z.looseObject({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() });

/**
 * Reads an error answer in any of its documented shapes, of which each part may be text or an object with a code and a
 * message. HTML, nothing, or any other shape has no detail.
 */
export function readErrorDetail(body: unknown): SixtyfourErrorDetail {
  const { detail, message, error } = z.looseObject({}).safeParse(body).data ?? {};
  const issues = z.array(fieldIssue).min(1).safeParse(detail);
  if (issues.success) {
    const fields = issues.data.slice(0, MAX_ISSUES).map((issue) => ({
      path: issue.loc.map(String).filter((part, index) => index > 0 || part !== "body"),
      message: cutErrorText(issue.msg),
    }));
    const message = fields.map((field) => `${field.path.join(".")}: ${field.message}`).join("; ");
    return { message: cutErrorText(message), fields };
  }
  return { message: readErrorText(detail) ?? readErrorText(message) ?? readErrorText(error), fields: [] };
}

const MAX_ERROR_TEXT_BYTES = 2_000;
const MAX_ISSUES = 100;

/** Returns an error text of at most 2 kB in UTF-8, less `reserved` bytes; what was cut is marked by an ellipsis. */
export function cutErrorText(text: string, reserved = 0): string {
  const maxBytes = MAX_ERROR_TEXT_BYTES - reserved;
  // No UTF-16 unit takes more than three bytes, and a long text need not be encoded as a whole.
  const bytes = new TextEncoder().encode(text.slice(0, maxBytes + 1));
  if (bytes.length <= maxBytes) return text;
  const ellipsis = "…";
  const kept = new TextDecoder().decode(bytes.subarray(0, maxBytes - 3));
  // A character that was cut in its middle is decoded as a replacement character.
  return `${kept.replace(/\ufffd+$/, "").trimEnd()}${ellipsis}`;
}

/** An error as text of at most 2 kB: as it is, or an object's message with its code. Null where it says nothing. */
export function readErrorText(given: unknown): string | null {
  const text = readWholeErrorText(given);
  return text && cutErrorText(text);
}

function readWholeErrorText(given: unknown): string | null {
  if (typeof given === "string") return given.trim() || null;
  if (typeof given !== "object" || given === null) return null;
  const part = (name: string) => {
    const value: unknown = Reflect.get(given, name);
    return typeof value === "string" && value.trim() ? value.trim() : null;
  };
  const message = part("message") ?? part("msg") ?? part("detail") ?? part("error");
  const code = part("code") ?? part("type");
  return message && code ? `${message} (${code})` : (message ?? code);
}
