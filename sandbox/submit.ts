import { setTimeout as sleep } from "node:timers/promises";
import { BEHAVIOURS, type BehaviourId, findBehaviours } from "@/sandbox/behaviours";
import type { Chaos } from "@/sandbox/chaos";
import { type Endpoint, GATED_TIERS, type RequestBody } from "@/sandbox/endpoints";
import type { Faults } from "@/sandbox/faults";
import { type Answer, HANG_UP } from "@/sandbox/http";
import type { Jobs } from "@/sandbox/jobs";
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

/**
 * A POST to an async endpoint: validated, refused or accepted, and answered, or not, as a fault or a behaviour wants.
 *
 * @throws Refusal 422 where the body is not what the endpoint takes.
 */
export async function submit(
  input: { path: string; endpoint: Endpoint; body: unknown },
  sandbox: { jobs: Jobs; faults: Faults; chaos: Chaos; closing: AbortSignal },
): Promise<Answer | typeof HANG_UP> {
  parseOrRefuse(input.endpoint.schema, input.body);
  // The body itself goes on, without the schema's defaults: a test wants to see what was really sent.
  const body = input.body as RequestBody;

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

  const leads = input.endpoint.leadsOf(body);
  const behaviours = findBehaviours(leads);
  const refusal = refuse(body, behaviours);
  if (refusal) return refusal;
  if (sandbox.chaos.refuses(input.path, leads)) return TOO_MANY_REQUESTS;

  const fate = sandbox.chaos.decide(input.path, leads);
  const job = sandbox.jobs.accept(input.path, input.endpoint, body, fate);
  if (fault.loseAnswer || fate?.isAnswerLost || behaviours.has("lostAnswer")) return HANG_UP;
  await wait(fault.delayMs, sandbox.closing);
  return {
    status: fault.status ?? 200,
    body: fault.body ?? { task_id: job.taskId, status: "RUNNING" },
    headers: fault.headers,
  };
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
