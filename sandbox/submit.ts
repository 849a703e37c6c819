import { setTimeout as sleep } from "node:timers/promises";
import type { Balance } from "@/sandbox/balance";
import { BEHAVIOURS, type BehaviourId, findBehaviours } from "@/sandbox/behaviours";
import type { Chaos } from "@/sandbox/chaos";
import { type Endpoint, GATED_TIERS, type RequestBody } from "@/sandbox/endpoints";
import type { Faults } from "@/sandbox/faults";
import { type Answer, HANG_UP } from "@/sandbox/http";
import type { AcceptedRequest, Job, Jobs } from "@/sandbox/jobs";
import { parseOrRefuse } from "@/sandbox/validation";

const REFUSALS: Partial<Record<BehaviourId, Answer>> = {
  busy: { status: 429, headers: { "retry-after": "5" }, body: { detail: "Rate limit exceeded. Try again later." } },
  broke: { status: 402, body: { detail: "Insufficient credits." } },
  gated: { status: 403, body: { detail: "This feature is not enabled for your organization." } },
  down: {
    status: 503,
    body: "<html><head><title>503 Service Unavailable</title></head><body><h1>503</h1></body></html>",
  },
};

const TOO_MANY_REQUESTS: Answer = {
  status: 429,
  headers: { "retry-after": "1" },
  body: { detail: "Rate limit exceeded. Try again later." },
};

const INSUFFICIENT_CREDITS: Answer = { status: 402, body: { detail: "Insufficient credits" } };

export interface SubmitRoom {
  jobs: Jobs;
  faults: Faults;
  chaos: Chaos;
  balance: Balance;
  /** Aborted when the sandbox closes: no answer is held back then. */
  closing: AbortSignal;
}

/**
 * A POST to an async endpoint: validated, refused or accepted, and answered, or not, as a fault or a behaviour wants.
 *
 * @throws Refusal 422 where the body is not what the endpoint takes.
 */
export async function submit(
  input: { path: string; endpoint: Endpoint; body: unknown },
  sandbox: SubmitRoom,
): Promise<Answer | typeof HANG_UP> {
  parseOrRefuse(input.endpoint.schema, input.body);
  // The body itself goes on, without the schema's defaults: a test wants to see what was really sent.
  return start({ ...input, body: input.body as RequestBody }, sandbox, () => ({}));
}

/**
 * Starts the job of a valid request, unless it is refused or an earlier one with its idempotency key has started it.
 *
 * @param tell what the answer says besides task_id and status
 */
export async function start(
  request: AcceptedRequest,
  sandbox: SubmitRoom,
  tell: (job: Job, alreadyStarted: boolean) => Record<string, unknown>,
): Promise<Answer | typeof HANG_UP> {
  const fault = sandbox.faults.take() ?? {};
  if (fault.hangUp) return HANG_UP;
  if (fault.status !== undefined && !fault.accepted && fault.status >= 300) {
    await wait(fault.delayMs, sandbox.closing);
    return {
      status: fault.status,
      body: fault.body ?? { detail: "A fault set up by a test." },
      headers: fault.headers,
    };
  }

  const { path, idempotencyKey } = request;
  const earlier = idempotencyKey ? sandbox.jobs.findByIdempotencyKey(path, idempotencyKey) : undefined;
  const started = earlier ? { job: earlier, isAnswerLost: false } : startNew(request, sandbox);
  if ("refusal" in started) return started.refusal;

  const { job, isAnswerLost } = started;
  if (fault.loseAnswer || isAnswerLost) return HANG_UP;
  await wait(fault.delayMs, sandbox.closing);
  return {
    status: fault.status ?? 200,
    body: fault.body ?? { task_id: job.taskId, status: "RUNNING", ...tell(job, earlier !== undefined) },
    headers: fault.headers,
  };
}

function startNew(
  request: AcceptedRequest,
  { jobs, chaos, balance }: SubmitRoom,
): { refusal: Answer } | { job: Job; isAnswerLost: boolean } {
  const { path, endpoint, body } = request;
  const leads = endpoint.leadsOf(body);
  const behaviours = findBehaviours(leads);
  const refusal = refuse(body, behaviours);
  if (refusal) return { refusal };
  if (!balance.covers(endpoint.estimateCents(body))) return { refusal: INSUFFICIENT_CREDITS };
  if (chaos.refuses(path, leads)) return { refusal: TOO_MANY_REQUESTS };

  const fate = chaos.decide(path, leads);
  const job = jobs.accept(request, fate);
  return { job, isAnswerLost: fate?.isAnswerLost === true || behaviours.has("lostAnswer") };
}

function refuse(body: RequestBody, behaviours: Set<BehaviourId>): Answer | undefined {
  if (GATED_TIERS.has(body.tier)) {
    return { status: 403, body: { detail: `Tier '${body.tier}' is not enabled for your organization.` } };
  }
  const ids = Object.keys(BEHAVIOURS) as BehaviourId[];
  return ids
    .filter((id) => behaviours.has(id))
    .map((id) => REFUSALS[id])
    .find((answer) => answer !== undefined);
}

async function wait(delayMs: number | undefined, signal: AbortSignal): Promise<void> {
  if (delayMs) await sleep(delayMs, undefined, { signal }).catch(() => undefined);
}
