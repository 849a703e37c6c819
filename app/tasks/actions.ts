"use server";

import { redirect } from "next/navigation";
import { requireActor } from "@/app/access";
import type { ActionState } from "@/app/action-state";
import { complaintOf } from "@/app/complaint";
import { taskHref } from "@/app/tasks/task-href";
import { textOf } from "@/app/text-of";
import type { Actor } from "@/lib/actor";
import type { AuditAction } from "@/lib/audit/audit-view";
import { recordAudit } from "@/lib/audit/record";
import { appContext, type Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { fetchRowsNow } from "@/lib/pipeline/fetch-rows";
import { type PollOutcome, pollTask } from "@/lib/pipeline/poll";
import { requireMayErase } from "@/lib/pipeline/selected-tasks";
import { sendAgain } from "@/lib/pipeline/send-again";
import { eraseTask } from "@/lib/tasks/erase";

export type PollNowState = { outcome: PollOutcome | { type: "error"; message: string } } | null;

/** "Poll now": asks Sixtyfour where the task stands, and says what came back. */
export async function pollNow(_previous: PollNowState, form: FormData): Promise<PollNowState> {
  try {
    const actor = await requireActor();
    const taskId = readTaskId(form);
    const outcome = await pollTask(appContext(), { taskId, by: "person" });
    await recordAudit(appContext(), { actor, action: "task.poll", subject: { type: "task", id: taskId } });
    return { outcome };
  } catch (error) {
    return { outcome: { type: "error", message: complaintOf(error) } };
  }
}

/** Sends a waiting task again; an unconfirmed one only where the person ticked that it may be charged twice. */
export async function sendNow(_previous: ActionState, form: FormData): Promise<ActionState> {
  return change(form, "task.send_again", async (context, taskId) => {
    await sendAgain(context, { taskId, acceptDoubleCharge: form.get("acceptDoubleCharge") === "on" });
  });
}

/** Fetches a file's rows now, also where that was given up. */
export async function fetchNow(_previous: ActionState, form: FormData): Promise<ActionState> {
  return change(form, "task.fetch", async (context, taskId) => {
    const outcome = await fetchRowsNow(context, { taskId });
    if (outcome.type === "later") {
      throw new AppError("upstream", "Sixtyfour did not give the file just now. We go on asking.");
    }
  });
}

/** Erases a lead, once the person has ticked that they mean it. */
export async function eraseLead(_previous: ActionState, form: FormData): Promise<ActionState> {
  return change(form, "task.erase", async (context, taskId, actor) => {
    await requireMayErase(context, actor, { ids: [taskId] });
    if (form.get("sure") !== "on") throw new AppError("invalid_input", "Tick the box first: this can't be undone.");
    await eraseTask(context, taskId);
  });
}

async function change(
  form: FormData,
  action: AuditAction,
  verb: (context: Context, taskId: string, actor: Actor) => Promise<void>,
): Promise<ActionState> {
  let taskId: string;
  try {
    const actor = await requireActor();
    taskId = readTaskId(form);
    await verb(appContext(), taskId, actor);
    await recordAudit(appContext(), { actor, action, subject: { type: "task", id: taskId } });
  } catch (error) {
    return { error: complaintOf(error) };
  }
  redirect(taskHref(taskId));
}

function readTaskId(form: FormData): string {
  const id = textOf(form, "taskId");
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new AppError("not_found", "There is no such task.");
  return id;
}
