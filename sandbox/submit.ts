import { setTimeout as sleep } from "node:timers/promises";
import type { Balance } from "@/sandbox/balance";
import { type BehaviourId, findBehaviours } from "@/sandbox/behaviours";
import type { Chaos } from "@/sandbox/chaos";
import { type Endpoint, GATED_TIERS, type RequestBody } from "@/sandbox/endpoints";
import type { Faults } from "@/sandbox/faults";
import { type Answer, HANG_UP } from "@/sandbox/http";
import type { AcceptedRequest, Job, Jobs } from "@/sandbox/jobs";
import { canonicalJson } from "@/sandbox/seeded-random";
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
  refusals: Refusals;
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
  { jobs, chaos, balance, refusals }: SubmitRoom,
): { refusal: Answer } | { job: Job; isAnswerLost: boolean } {
  const { path, endpoint, body } = request;
  const leads = endpoint.leadsOf(body);
  const behaviours = findBehaviours(leads);
  const refusal = refuse({ path, leads, tier: body.tier }, behaviours, refusals);
  if (refusal) return { refusal };
  if (!balance.covers(endpoint.estimateCents(body))) return { refusal: INSUFFICIENT_CREDITS };
  if (chaos.refuses(path, leads)) return { refusal: TOO_MANY_REQUESTS };

  const fate = chaos.decide(path, leads);
  const job = jobs.accept(request, fate);
  return { job, isAnswerLost: fate?.isAnswerLost === true || behaviours.has("lostAnswer") };
}

/** Time, or credits, mend these: the same lead is accepted when it is sent again. */
const ONLY_ONCE = new Set<BehaviourId>(["busy", "broke", "down"]);

/** Which leads were refused for their name before. */
export type Refusals = Set<string>;

function refuse(
  { path, leads, tier }: { path: string; leads: Record<string, unknown>[]; tier: unknown },
  behaviours: Set<BehaviourId>,
  refusals: Refusals,
): Answer | undefined {
  if (GATED_TIERS.has(tier)) {
    return { status: 403, body: { detail: `Tier '${tier}' is not enabled for your organization.` } };
  }
  const id = (Object.keys(REFUSALS) as BehaviourId[]).find((candidate) => behaviours.has(candidate));
  if (!id) return undefined;
  const key = canonicalJson([id, path, leads]);
  if (ONLY_ONCE.has(id) && refusals.has(key)) return undefined;
  refusals.add(key);
  return REFUSALS[id];
}

async function wait(delayMs: number | undefined, signal: AbortSignal): Promise<void> {
  if (delayMs) await sleep(delayMs, undefined, { signal }).catch(() => undefined);
}
