import { setTimeout as sleep } from "node:timers/promises";
import { complaint, type FuzzAnswer, makeCase } from "@/scripts/fuzz/cases";
import type { FuzzTarget, FuzzWorld } from "@/scripts/fuzz/fuzz-request";
import { sendRaw } from "@/scripts/fuzz/raw-request";
import { residentBytes } from "@/scripts/fuzz/resident-memory";
import { inParallel } from "@/scripts/soak/in-parallel";
import { makeLeads } from "@/scripts/soak/leads";
import { submitLead } from "@/scripts/soak/person";
import type { FailingStack } from "@/scripts/soak/stack";

export interface FuzzOutcome {
  /** How often each sort of case got each answer. */
  answers: Map<string, Map<FuzzAnswer, number>>;
  /** What must not be, in a sentence each. */
  failures: string[];
  /** Null where it can't be measured. */
  memory: { warmBytes: number; endBytes: number } | null;
  tookMs: number;
}

const OPEN_TASKS = 30;
const GUARDED_TASKS = 5;
const CONCURRENCY = 8;
const ANSWER_WITHIN_MS = 10_000;
const SUBMIT_WITHIN_MS = 60_000;
/** Long enough for the server to put away what the last requests held. */
const REST_MS = 5_000;
const MAX_GROWTH_BYTES = 150 * 1024 * 1024;

/** Sends all cases to a running app, and looks at how the app is afterwards. */
export async function runFuzz(stack: FailingStack, run: { cases: number; seed: number }): Promise<FuzzOutcome> {
  const startedAt = Date.now();
  const world = await makeWorld(stack);
  const outcome: FuzzOutcome = { answers: new Map(), failures: [], memory: null, tookMs: 0 };
  const warmUp = Math.ceil(run.cases / 5);
  await sendCases(stack, world, run, [0, warmUp], outcome);
  const warmBytes = await restingMemory(stack);
  await sendCases(stack, world, run, [warmUp, run.cases], outcome);
  const endBytes = await restingMemory(stack);
  if (warmBytes !== null && endBytes !== null) {
    outcome.memory = { warmBytes, endBytes };
    if (endBytes - warmBytes > MAX_GROWTH_BYTES) outcome.failures.push("the server's memory has grown");
  }
  outcome.failures.push(
    ...(await poisonedPages(stack, world)),
    ...(await endedByForgery(stack, world)),
    ...stack.crashes.map((words) => `the app ${words}`),
  );
  outcome.tookMs = Date.now() - startedAt;
  return outcome;
}

/** Tasks that run until a delivery ends them: the sandbox holds their jobs. */
async function makeWorld(stack: FailingStack): Promise<FuzzWorld> {
  await stack.sandbox.hold(true);
  const deadline = Date.now() + SUBMIT_WITHIN_MS;
  await inParallel(makeLeads(OPEN_TASKS + GUARDED_TASKS, 1), CONCURRENCY, async (lead) => {
    const submission = await submitLead(stack.appUrl, lead, () => Date.now() > deadline);
    if (!submission) throw new Error(`The app did not take the lead ${lead.company} in time.`);
  });
  const targets: FuzzTarget[] = (await stack.sandbox.jobs()).map(({ taskId, body }) => ({
    taskId,
    webhookUrl: new URL(String(body.webhook_url)),
  }));
  return {
    open: targets.slice(0, OPEN_TASKS),
    guarded: targets.slice(OPEN_TASKS),
    webhookSecret: stack.webhookSecret,
  };
}

async function sendCases(
  stack: FailingStack,
  world: FuzzWorld,
  run: { cases: number; seed: number },
  [from, to]: [number, number],
  outcome: FuzzOutcome,
): Promise<void> {
  const port = Number(new URL(stack.appUrl).port);
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  await inParallel(numbers, CONCURRENCY, async (number) => {
    if (stack.crashes.length > 0) return;
    const fuzzCase = makeCase(run.seed, number, run.cases, world);
    const answer = await sendRaw(port, fuzzCase.request, ANSWER_WITHIN_MS);
    const row = outcome.answers.get(fuzzCase.category) ?? new Map<FuzzAnswer, number>();
    row.set(answer, (row.get(answer) ?? 0) + 1);
    outcome.answers.set(fuzzCase.category, row);
    const wrong = complaint(fuzzCase, answer);
    if (wrong) outcome.failures.push(`case ${number}, ${fuzzCase.category}: ${wrong}`);
  });
}

async function restingMemory(stack: FailingStack): Promise<number | null> {
  await sleep(REST_MS);
  return residentBytes(stack.appPid());
}

/** What was stored must not keep anybody from looking at it. */
async function poisonedPages(stack: FailingStack, world: FuzzWorld): Promise<string[]> {
  const listPath = "/api/tasks?limit=200";
  const answer = await fetch(stack.appUrl + listPath);
  if (answer.status !== 200) return [`${listPath} answers ${answer.status}`];
  const { tasks } = (await answer.json()) as { tasks: { id: string }[] };
  const expected = world.open.length + world.guarded.length;
  const failures = tasks.length === expected ? [] : [`the list has ${tasks.length} tasks instead of ${expected}`];
  const paths = ["/", ...tasks.flatMap(({ id }) => [`/tasks/${id}`, `/api/tasks/${id}`])];
  for (const path of paths) {
    const { status } = await fetch(stack.appUrl + path);
    if (status !== 200) failures.push(`${path} answers ${status}`);
  }
  return failures;
}

async function endedByForgery(stack: FailingStack, world: FuzzWorld): Promise<string[]> {
  const guarded = new Set(world.guarded.map(({ taskId }) => taskId));
  const answer = await fetch(`${stack.appUrl}/api/tasks?limit=200`);
  if (answer.status !== 200) return []; // told already
  const { tasks } = (await answer.json()) as { tasks: { id: string; taskId: string; status: string }[] };
  return tasks
    .filter(({ taskId, status }) => guarded.has(taskId) && status !== "running")
    .map(({ id, status }) => `task ${id} is ${status}, and only forgeries were sent about it`);
}
