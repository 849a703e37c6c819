"use server";

import { redirect } from "next/navigation";
import { complaintOf } from "@/app/complaint";
import { taskHref } from "@/app/tasks/task-href";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { eraseTask } from "@/lib/tasks/erase";
import { fetchRowsNow } from "@/lib/tasks/fetch-rows";
import { type PollOutcome, pollTask } from "@/lib/tasks/poll";
import { sendAgain } from "@/lib/tasks/send-again";

export type PollNowState = { outcome: PollOutcome | { type: "error"; message: string } } | null;

/** "Poll now": asks Sixtyfour where the task stands, and says what came back. */
export async function pollNow(_previous: PollNowState, form: FormData): Promise<PollNowState> {
  try {
    return { outcome: await pollTask(appContext(), { taskId: readTaskId(form), by: "person" }) };
  } catch (error) {
    return { outcome: { type: "error", message: complaintOf(error) } };
  }
}

/** What went wrong; otherwise the action ends on the task's page. */
export type TaskActionState = { error: string } | null;

/** Sends a waiting task again; an unconfirmed one only where the person ticked that it may be charged twice. */
export async function sendNow(_previous: TaskActionState, form: FormData): Promise<TaskActionState> {
  const taskId = readTaskId(form);
  try {
    await sendAgain(appContext(), { taskId, acceptDoubleCharge: form.get("acceptDoubleCharge") === "on" });
  } catch (error) {
    return { error: complaintOf(error) };
  }
  redirect(taskHref(taskId));
}

/** Fetches a file's rows now, also where that was given up. */
export async function fetchNow(_previous: TaskActionState, form: FormData): Promise<TaskActionState> {
  const taskId = readTaskId(form);
  try {
    const outcome = await fetchRowsNow(appContext(), { taskId });
    if (outcome.type === "later") return { error: "Sixtyfour did not give the file just now. We go on asking." };
  } catch (error) {
    return { error: complaintOf(error) };
  }
  redirect(taskHref(taskId));
}

/** Erases a lead, once the person has ticked that they mean it. */
export async function eraseLead(_previous: TaskActionState, form: FormData): Promise<TaskActionState> {
  const taskId = readTaskId(form);
  if (form.get("sure") !== "on") return { error: "Tick the box first: this can't be undone." };
  try {
    await eraseTask(appContext(), taskId);
  } catch (error) {
    return { error: complaintOf(error) };
  }
  redirect(taskHref(taskId));
}

function readTaskId(form: FormData): string {
  const id = form.get("taskId");
  if (typeof id !== "string" || !/^[0-9a-f-]{36}$/i.test(id)) throw new AppError("not_found", "There is no such task.");
  return id;
}
