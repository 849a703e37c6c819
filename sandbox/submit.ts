import { setTimeout as sleep } from "node:timers/promises";
import type { Balance } from "@/sandbox/balance";
import { type BehaviourId, findBehaviours } from "@/sandbox/behaviours";
import type { Chaos } from "@/sandbox/chaos";
import { type Endpoint, GATED_TIERS, type RequestBody } from "@/sandbox/endpoints";
import type { Faults } from "@/sandbox/faults";
import { type Answer, HANG_UP } from "@/sandbox/http";
import { type AcceptedRequest, investigationFields, type Job, type Jobs } from "@/sandbox/jobs";
import { loosenAnswer } from "@/sandbox/loose-types";
import { canonicalJson } from "@/sandbox/seeded-random";
import type { Settings } from "@/sandbox/settings";
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
  settings: Settings;
  /** Aborted when the sandbox closes: no answer is held back then. */
  closing: AbortSignal;
}

/**
 * Answers a POST to an async endpoint: it is validated, refused or accepted, and answered, or not, as a fault or a
 * behaviour says. A people request with the dispatch_id of an earlier one is answered with the job of that one.
 *
 * @throws Refusal 422 where the body is not valid for the endpoint.
 */
export async function submit(
  { path, endpoint, body: given }: { path: string; endpoint: Endpoint; body: unknown },
  sandbox: SubmitRoom,
): Promise<Answer | typeof HANG_UP> {
  parseOrRefuse(endpoint.schema, given);
  // The body is kept as it came, without the schema's defaults, because tests want to see what was really sent.
  const body = given as RequestBody;
  const { dispatchIds } = sandbox.settings.get();
  const dispatchId = endpoint.takesDispatchId && dispatchIds ? body.dispatch_id : null;
  const idempotencyKey = typeof dispatchId === "string" ? dispatchId : null;
  const unrecognized = Object.keys(body).filter(
    (name) => endpoint.knownFields && (!endpoint.knownFields.has(name) || (name === "dispatch_id" && !dispatchIds)),
  );
  return start({ path, endpoint, body, idempotencyKey }, sandbox, (job) => ({
    ...(unrecognized.length > 0 ? { unrecognized_fields: unrecognized } : {}),
    ...investigationFields(job),
  }));
}

/**
 * Starts the job of a valid request, unless it is refused or an earlier one with its idempotency key has started it.
 *
 * @param tell returns the fields of the answer besides task_id and status
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

  const { endpoint, idempotencyKey } = request;
  const earlier = idempotencyKey ? sandbox.jobs.findByIdempotencyKey(endpoint.taskType, idempotencyKey) : undefined;
  const started = earlier ? { job: earlier, isAnswerLost: false } : startNew(request, sandbox);
  if ("refusal" in started) return started.refusal;

  const { job, isAnswerLost } = started;
  if (fault.loseAnswer || isAnswerLost) return HANG_UP;
  const answer = { task_id: job.taskId, status: "RUNNING", ...tell(job, earlier !== undefined) };
  const isLoose = job.isLoose || sandbox.settings.get().looseTypes;
  await wait(fault.delayMs, sandbox.closing);
  return {
    status: fault.status ?? 200,
    body: fault.body ?? (isLoose ? loosenAnswer(answer) : answer),
    headers: fault.headers,
  };
}

function startNew(
  request: AcceptedRequest,
  { jobs, chaos, balance, refusals, settings }: SubmitRoom,
): { refusal: Answer } | { job: Job; isAnswerLost: boolean } {
  const { path, endpoint, body } = request;
  const leads = endpoint.leadsOf(body);
  const behaviours = findBehaviours(leads);
  if (GATED_TIERS.has(body.tier) && !settings.get().tierAccess) {
    return {
      refusal: { status: 403, body: { detail: `Tier '${body.tier}' is not enabled for your organization.` } },
    };
  }
  const refusal = refuse({ path, leads }, behaviours, refusals);
  if (refusal) return { refusal };
  if (!balance.covers(endpoint.estimateCents(body))) return { refusal: INSUFFICIENT_CREDITS };
  if (chaos.refuses(path, leads)) return { refusal: TOO_MANY_REQUESTS };

  const fate = chaos.decide(path, leads);
  const job = jobs.accept(request, fate);
  return { job, isAnswerLost: fate?.isAnswerLost === true || behaviours.has("lostAnswer") };
}

/** These refusals end with time or credits, so a lead is accepted when it is sent again. */
const ONLY_ONCE = new Set<BehaviourId>(["busy", "broke", "down"]);

/** The leads that were refused for their name before. */
export type Refusals = Set<string>;

function refuse(
  { path, leads }: { path: string; leads: Record<string, unknown>[] },
  behaviours: Set<BehaviourId>,
  refusals: Refusals,
): Answer | undefined {
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
