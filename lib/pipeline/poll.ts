import { and, eq, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { idForLog, log } from "@/lib/log";
import { type Completion, complete, endedEvent, traceparentOfJob } from "@/lib/pipeline/complete";
import { countRequest } from "@/lib/pipeline/request-pace";
import { readCostInCents, readTaskEnd } from "@/lib/pipeline/task-end";
import type { JobStatusOutcome } from "@/lib/sixtyfour/client";
import type { Investigation, SixtyfourJobStatus } from "@/lib/sixtyfour/wire";
import { storableJson, storableText } from "@/lib/storable-json";
import type { AskedTask } from "@/lib/tasks/found-count";
import { nextPollAt } from "@/lib/tasks/poll-schedule";
import { isOpen, type TaskStatus } from "@/lib/tasks/task-status";
import { inSpan } from "@/lib/tracing";

/** A task is asked about at most once in this time, whoever asks. */
const POLL_PAUSE_IN_SECONDS = 5;

/** A job that Sixtyfour doesn't know, so long after it was accepted, is lost there. */
const LOST_AFTER_MS = 3_600_000;

export type PollOutcome =
  /** Sixtyfour was asked, and `status` is its own word. */
  | { type: "running"; status: string }
  | { type: "completed" | "failed" | "cancelled"; stored: boolean }
  | { type: "unknown_job" }
  | {
      type: "unavailable";
      reason: Extract<JobStatusOutcome, { type: "unavailable" }>["reason"];
      message: string | null;
    }
  /** Sixtyfour was not asked. */
  | { type: "too_soon" }
  | { type: "not_submitted" }
  | { type: "already_ended"; status: TaskStatus };

/**
 * Asks Sixtyfour where one task stands, and stores the result where it has ended. The pause between two polls is
 * decided in one statement, so of any number of presses at one moment one asks.
 *
 * @throws AppError `not_found`
 */
export async function pollTask(
  context: Context,
  { taskId, by }: { taskId: string; by: "person" | "app" },
): Promise<PollOutcome> {
  const [claimed] = await context.db
    .update(tasks)
    .set({ lastPolledAt: sql`now()` })
    .where(
      and(
        eq(tasks.id, taskId),
        eq(tasks.status, "running"),
        isNotNull(tasks.sixtyfourTaskId),
        or(
          isNull(tasks.lastPolledAt),
          lt(tasks.lastPolledAt, sql`now() - make_interval(secs => ${POLL_PAUSE_IN_SECONDS})`),
        ),
      ),
    )
    .returning({
      kind: tasks.kind,
      shape: tasks.shape,
      leadCount: tasks.leadCount,
      request: tasks.request,
      sixtyfourTaskId: tasks.sixtyfourTaskId,
      submittedAt: tasks.submittedAt,
      createdAt: tasks.createdAt,
      traceparent: traceparentOfJob,
    });
  if (!claimed?.sixtyfourTaskId) return whyNotAsked(context, taskId);

  const { sixtyfourTaskId, submittedAt, createdAt, traceparent: parent } = claimed;
  const startedAt = Date.now();
  return inSpan("poll", { parent, attributes: { "task.id": taskId, "poll.by": by } }, async (span) => {
    // The app waits for its turn before it gets here; a person's press goes at once.
    if (by === "person") await countRequest(context);
    const answer = await context.sixtyfour.jobStatus(sixtyfourTaskId);
    const outcome = await inSpan("settle", {}, () =>
      storeAnswer(context, { taskId, by, answer, asked: claimed, submittedAt: submittedAt ?? createdAt }),
    );
    span.setAttribute("poll.outcome", outcome.type);
    const reason = outcome.type === "unavailable" ? outcome.reason : null;
    const ms = Date.now() - startedAt;
    log.info("poll", { taskId, sixtyfourTaskId: idForLog(sixtyfourTaskId), by, outcome: outcome.type, reason, ms });
    return outcome;
  });
}

async function whyNotAsked({ db }: Context, taskId: string): Promise<PollOutcome> {
  const [task] = await db
    .select({ status: tasks.status, sixtyfourTaskId: tasks.sixtyfourTaskId })
    .from(tasks)
    .where(eq(tasks.id, taskId));
  if (!task) throw new AppError("not_found", "There is no such task.");
  if (!isOpen(task.status)) return { type: "already_ended", status: task.status };
  return { type: task.sixtyfourTaskId && task.status === "running" ? "too_soon" : "not_submitted" };
}

async function storeAnswer(
  { db }: Context,
  input: { taskId: string; by: "person" | "app"; answer: JobStatusOutcome; asked: AskedTask; submittedAt: Date },
): Promise<PollOutcome> {
  const { taskId, by, answer, asked } = input;
  const source = { via: by === "person" ? "poll" : "reconcile" } as const;
  return db.transaction(async (tx) => {
    const note = (detail: Record<string, string | null>) =>
      tx.insert(taskEvents).values({ taskId, type: "polled", detail: { by, ...detail } });
    const askAgain = (
      given: { sixtyfourStatus?: string; retryAfterSeconds?: number | null } & Partial<
        Pick<SixtyfourJobStatus, "progress" | "investigation">
      > = {},
    ) =>
      tx
        .update(tasks)
        .set({
          sixtyfourStatus: given.sixtyfourStatus,
          progress: given.progress ?? undefined,
          investigation: given.investigation ? (storableJson(given.investigation) as Investigation) : undefined,
          nextPollAt: nextPollAt(input.submittedAt, new Date(), given.retryAfterSeconds ?? 0),
        })
        .where(and(eq(tasks.id, taskId), eq(tasks.status, "running")));

    const finish = async (ended: Pick<Completion, "end" | "sixtyfourStatus" | "chargedCents">) => {
      const completion = { taskId, asked, source, ...ended };
      const stored = await complete(tx, completion);
      if (stored) await tx.insert(taskEvents).values(endedEvent(completion));
      return { type: ended.end.status, stored };
    };

    if (answer.type === "unknown_job") {
      const noted = note({ answer: "unknown_job" });
      if (Date.now() - input.submittedAt.getTime() < LOST_AFTER_MS) {
        await Promise.all([noted, askAgain()]);
        return { type: "unknown_job" };
      }
      await noted;
      const end = { status: "failed", errorCode: "lost", errorMessage: null } as const;
      return finish({ end, sixtyfourStatus: "not found", chargedCents: null });
    }
    if (answer.type === "unavailable") {
      const message = (await isErased(tx, taskId)) ? null : answer.message && storableText(answer.message);
      await Promise.all([note({ answer: "unavailable", reason: answer.reason, message }), askAgain(answer)]);
      return { type: "unavailable", reason: answer.reason, message };
    }
    const { job } = answer;
    const status = storableText(job.status ?? "no status");
    const noted = note({ answer: answer.state, status });
    const end = readTaskEnd(job);
    if (!end) {
      await Promise.all([
        noted,
        askAgain({ sixtyfourStatus: status, progress: job.progress, investigation: job.investigation }),
      ]);
      return { type: "running", status };
    }
    // The answer that brings the end may be the first to name the investigation.
    await Promise.all([noted, job.investigation ? askAgain({ investigation: job.investigation }) : undefined]);
    return finish({ end, sixtyfourStatus: job.status, chargedCents: job.charge_amount ?? readCostInCents(job.result) });
  });
}

/** A message may name the lead, and came too late if the lead is erased. Erasing waits until it is stored, or was before. */
async function isErased(tx: Transaction, taskId: string): Promise<boolean> {
  const [task] = await tx.select({ erasedAt: tasks.erasedAt }).from(tasks).where(eq(tasks.id, taskId)).for("share");
  return task?.erasedAt != null;
}
