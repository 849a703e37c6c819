/** The shapes of the control endpoint under /__sandbox, for the server that reads them and the client that sends them. */
import { z } from "zod";
import { chaosFate, chaosSettings } from "@/sandbox/chaos";
import { webhookAttempt } from "@/sandbox/journal";
import { endStatus, jobError } from "@/sandbox/outcomes";
import { settingsPatch } from "@/sandbox/settings";

export const CONTROL_PREFIX = "/__sandbox";

export const controlRequests = {
  hold: z.strictObject({ on: z.boolean() }),
  release: z.strictObject({
    /** No webhook tells of an end other than completed and failed. */
    status: endStatus.optional(),
    result: z.unknown().optional(),
    error: jobError.optional(),
  }),
  /** The status of a running job; null is `running` again. */
  say: z.strictObject({ status: z.string().min(1).nullable() }),
  progress: z.strictObject({ completed: z.int().min(0), total: z.int().min(0) }),
  settings: settingsPatch,
  deliver: z.strictObject({
    /** Sent at the same moment where it is more than 1. */
    times: z.int().min(1).default(1),
    eventId: z.string().optional(),
    eventType: z.string().optional(),
    /** Signs in place of the sandbox's secrets; null sends it unsigned. */
    secret: z.string().nullable().optional(),
    /** Unix seconds; now by default. */
    timestamp: z.int().optional(),
    /** For the Sixtyfour-Delivery-Attempt header; 1 by default. */
    attempt: z.int().optional(),
    /** A string goes out byte for byte, anything else as JSON; the job's own event by default. */
    body: z.unknown().optional(),
  }),
  nextSubmit: z.strictObject({
    /** From 300 up: answer with it and accept nothing, unless `accepted`. */
    status: z.int().min(200).max(599).optional(),
    accepted: z.boolean().optional(),
    /** A string goes out as it is (as HTML unless headers say otherwise), anything else as JSON. */
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Accept the job and break the connection before the answer. */
    loseAnswer: z.boolean().optional(),
    /** Break the connection and accept nothing. */
    hangUp: z.boolean().optional(),
    /** Answer late; an accepted job is accepted before the wait. */
    delayMs: z.number().min(0).optional(),
    times: z.int().min(1).default(1),
  }),
  /** Nothing listens on the port for so long: a client gets ECONNREFUSED, also on this control endpoint. */
  refuseConnections: z.strictObject({ forMs: z.number().min(0).max(600_000) }),
  webhooks: z.strictObject({ delivering: z.boolean() }),
  rateLimit: z.strictObject({ perMinute: z.int().min(1).nullable() }),
  credits: z.strictObject({ credits: z.number().nullable() }),
  linkLifetime: z.strictObject({ ms: z.number().min(0) }),
  chaos: chaosSettings,
} as const;

export type ReleaseOptions = z.input<typeof controlRequests.release>;
export type DeliverOptions = z.input<typeof controlRequests.deliver>;
export type NextSubmitOptions = z.input<typeof controlRequests.nextSubmit>;

const jobView = z.object({
  taskId: z.string(),
  path: z.string(),
  taskType: z.string(),
  /** The request as it came in, with its webhook_url. A bulk file has its config and `file`: name, columns and rows. */
  body: z.record(z.string(), z.unknown()),
  idempotencyKey: z.string().nullable(),
  status: z.enum(["running", ...endStatus.options]),
  /** It stays running until it is released. */
  held: z.boolean(),
  result: z.unknown().optional(),
  error: jobError.optional(),
  dropped: z.boolean(),
  forgotten: z.boolean(),
  /** ISO 8601. */
  acceptedAt: z.string(),
  closedAt: z.string().nullable(),
  webhookAttempts: z.array(webhookAttempt),
  /** The faults that chaos causes to it; null where it was off. */
  fate: chaosFate.nullable(),
});
export type JobView = z.infer<typeof jobView>;

const stats = z.object({
  /** Calls of the API, and how many of them were answered 429 because of a rate limit. */
  requests: z.number(),
  rateLimited: z.number(),
  accepted: z.number(),
  byPath: z.record(z.string(), z.number()),
  /** Accepted jobs whose request, apart from webhook_url and dispatch_id, had been accepted before. */
  duplicates: z.number(),
  webhookAttempts: z.number(),
  /** Jobs that are running, or about which a delivery is still to come. */
  unfinished: z.number(),
  /** The faults that chaos has caused: refused submits, and accepted jobs by their faults. */
  chaos: z.object({
    refused: z.number(),
    answersLost: z.number(),
    webhooksLost: z.number(),
    late: z.number(),
    twice: z.number(),
    forged: z.number(),
  }),
});
export type SandboxStats = z.infer<typeof stats>;

export const controlAnswers = {
  job: jobView,
  jobs: z.array(jobView),
  stats,
  /** The status of the receiver's answer to each delivery; null where it did not answer. */
  delivered: z.object({ statuses: z.array(z.number().nullable()) }),
  done: z.object({ ok: z.literal(true) }),
} as const;
