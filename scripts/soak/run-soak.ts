import { setTimeout as sleep } from "node:timers/promises";
import type { ChaosOptions } from "@/sandbox/chaos";
import type { JobView, SandboxStats } from "@/sandbox/control-wire";
import { type Caretaker, createCaretaker } from "@/scripts/soak/caretaker";
import { planDisruptions, type RunningDisruptions, runDisruptions } from "@/scripts/soak/disruptions";
import { inParallel } from "@/scripts/soak/in-parallel";
import { makeLeads } from "@/scripts/soak/leads";
import type { SoakOptions } from "@/scripts/soak/options";
import { submitLead } from "@/scripts/soak/person";
import type { FailingStack } from "@/scripts/soak/stack";
import { exportResults, isEnded, type ListedTask, listAllTasks } from "@/scripts/soak/task-list";
import { judge, type LeadRecord, type Verdict } from "@/scripts/soak/verdict";

/** What is done to the leads, besides kills and stops. */
const CHAOS = {
  loseAnswer: 0.1,
  refuse429: 0.1,
  dropWebhook: 0.2,
  twice: 0.2,
  forge: 0.05,
  reorder: 0.5,
} as const satisfies ChaosOptions;

export interface SoakOutcome {
  verdict: Verdict;
  stats: SandboxStats;
  forgeries: { sent: number; taken: number };
  disruptions: RunningDisruptions["done"];
  /** Forms that had to be sent more than once. */
  repeatedForms: number;
  presses: Caretaker["presses"];
  /** How the app ended where nobody killed it. */
  crashes: string[];
  submittedInMs: number;
  tookMs: number;
}

const ROUND_EVERY_MS = 2_000;
const PROGRESS_EVERY_MS = 10_000;

/** Submits all leads through a stack that fails on purpose, waits until each has ended, and judges them. */
export async function runSoak(stack: FailingStack, options: SoakOptions): Promise<SoakOutcome> {
  const startedAt = Date.now();
  await stack.sandbox.setChaos({ seed: options.seed, ...CHAOS });
  const records: LeadRecord[] = makeLeads(options.leads, options.seed).map((lead) => ({
    lead,
    taskId: null,
    pressesAtOwnRisk: 0,
  }));
  const disruptions = runDisruptions(planDisruptions(options), {
    kill: stack.killApp,
    "stop database": () => stack.stopDatabase(options.stopSeconds),
  });
  const isOver = () =>
    Date.now() - startedAt > options.deadlineSeconds * 1000 ||
    stack.crashes.length > 0 ||
    disruptions.failure() !== undefined;
  const caretaker = createCaretaker(stack.appUrl, records);
  const progress = printProgress(options, startedAt, records, caretaker, disruptions);
  let repeatedForms = 0;
  let isAllIn = false;

  const submitAll = async () => {
    await inParallel(records, options.concurrency, async (record, index) => {
      if (isOver()) return;
      disruptions.begun(index + 1);
      const appUrl = stack.appUrls[index % stack.appUrls.length] ?? stack.appUrl;
      const submission = await submitLead(appUrl, record.lead, isOver);
      if (!submission) return;
      record.taskId = submission.taskId;
      if (submission.tries > 1) repeatedForms += 1;
    });
    isAllIn = true;
  };
  const lookAfter = async () => {
    while (!isAllIn && !isOver()) {
      await caretaker.round();
      progress.tell();
      await sleep(ROUND_EVERY_MS);
    }
  };

  await Promise.all([submitAll(), lookAfter()]);
  const submittedInMs = Date.now() - startedAt;
  await disruptions.over();
  if (disruptions.failure()) throw disruptions.failure();
  const tasks = await waitUntilEnded({ stack, caretaker, isOver, tell: progress.tell });
  const jobs = await stack.sandbox.jobs();
  const results = await exportResults(stack.appUrl);
  const listed = tasks ?? (await lastLook(stack, records.length));
  const finished = listed.map((task) => ({ ...task, result: results.get(task.id) ?? null }));
  return {
    verdict: judge(records, finished, jobs),
    stats: await stack.sandbox.stats(),
    forgeries: countForgeries(jobs),
    disruptions: disruptions.done,
    repeatedForms,
    presses: caretaker.presses,
    crashes: stack.crashes,
    submittedInMs,
    tookMs: Date.now() - startedAt,
  };
}

/** @returns all tasks once every one has ended, or as they are when the deadline comes */
async function waitUntilEnded(run: {
  stack: FailingStack;
  caretaker: Caretaker;
  isOver: () => boolean;
  tell: () => void;
}): Promise<ListedTask[] | null> {
  const { stack, caretaker, isOver, tell } = run;
  let latest: ListedTask[] | null = null;
  while (!isOver()) {
    // Asked before the list: what has arrived by then, the list shows.
    const { unfinished } = await stack.sandbox.stats();
    const tasks = await caretaker.round();
    tell();
    latest = tasks ?? latest;
    if (tasks?.every(isEnded)) {
      // Late duplicates and forgeries are still to come, and must change nothing.
      if (unfinished === 0) return tasks;
    } else if (tasks && unfinished === 0) {
      // No webhook is on its way any more, so nothing but a person can bring an unconfirmed task to its end.
      await caretaker.submitAgain(tasks);
    }
    await sleep(ROUND_EVERY_MS);
  }
  return latest;
}

async function lastLook(stack: FailingStack, expected: number): Promise<ListedTask[]> {
  return (await listAllTasks(stack.appUrl, expected)) ?? [];
}

/** A forgery is taken where the app answered that it has received it. */
function countForgeries(jobs: JobView[]): SoakOutcome["forgeries"] {
  const forged = jobs.flatMap(({ webhookAttempts }) => webhookAttempts.filter((attempt) => attempt.forged));
  return { sent: forged.length, taken: forged.filter(({ status }) => status === 200).length };
}

function printProgress(
  options: SoakOptions,
  startedAt: number,
  records: LeadRecord[],
  caretaker: Caretaker,
  disruptions: RunningDisruptions,
): { tell: () => void } {
  let lastAt = startedAt;
  return {
    tell() {
      if (Date.now() - lastAt < PROGRESS_EVERY_MS) return;
      lastAt = Date.now();
      const seconds = String(Math.round((lastAt - startedAt) / 1000)).padStart(4);
      const submitted = records.filter(({ taskId }) => taskId).length;
      const states = Object.entries(caretaker.seen()).map(([status, count]) => `${status} ${count}`);
      const { done } = disruptions;
      console.info(
        `${seconds} s · submitted ${submitted} of ${options.leads} · ${states.sort().join(" · ")} · ` +
          `killed ${done.kill}, database stopped ${done["stop database"]}`,
      );
    },
  };
}
