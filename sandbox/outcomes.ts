/** The ends of jobs. */
import { z } from "zod";
import { findBehaviours } from "@/sandbox/behaviours";
import type { RequestBody } from "@/sandbox/endpoints";
import { findEndpoint } from "@/sandbox/file-endpoints";

/** The words that job-status has for a job that has ended. */
export const endStatus = z.enum(["completed", "failed", "cancelled", "terminated", "timed_out"]);
export type EndStatus = z.infer<typeof endStatus>;

/** The reason of a failure: a sentence, or an object. */
export const jobError = z.union([z.string(), z.looseObject({ code: z.string(), message: z.string() })]);
export type JobError = z.infer<typeof jobError>;

export interface Outcome {
  status: EndStatus;
  result?: unknown;
  error?: JobError;
  costCents: number;
}

/** The parts of an outcome that a test sets itself. */
export interface OutcomeOverride {
  status?: EndStatus;
  result?: unknown;
  error?: JobError;
}

const FAILURE = "The job failed: no source could be reached. Nothing was charged.";

/** Makes the outcome that a request would have, but for the parts that `override` sets. */
export function makeOutcome(request: { path: string; body: RequestBody }, override: OutcomeOverride): Outcome {
  const endpoint = findEndpoint(request.path);
  const fails = endpoint ? findBehaviours(endpoint.leadsOf(request.body)).has("fails") : true;
  const isMeantToFail = override.error !== undefined || (fails && override.result === undefined);
  const status = override.status ?? (isMeantToFail ? "failed" : "completed");
  if (status === "failed") return { status, error: override.error ?? FAILURE, costCents: 0 };
  if (status !== "completed") return { status, error: override.error, costCents: 0 };
  const made = endpoint?.makeResult(request.body) ?? { result: {}, costCents: 0 };
  const result = override.result === undefined ? made.result : override.result;
  return { status, result, costCents: made.costCents };
}
