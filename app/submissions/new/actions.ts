"use server";

import { randomUUID } from "node:crypto";
import { redirect } from "next/navigation";
import { z } from "zod";
import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { inputOf, readDraft, type SubmissionFormState } from "@/app/submissions/new/form-state";
import { taskHref } from "@/app/tasks/task-href";
import type { Actor } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { type SubmitResult, submitLead } from "@/lib/pipeline/submit";
import type { SubmitOutcome } from "@/lib/sixtyfour/client";
import { TASK_KINDS } from "@/lib/sixtyfour/task-kinds";
import { parseTaskInput, type TaskInput } from "@/lib/tasks/task-input";
import { describeProblem } from "@/lib/tasks/task-problems";

/**
 * Submits the form. It comes back only where there is something to correct; otherwise the person goes on to the
 * dashboard, or to the task where Sixtyfour did not take it.
 */
export async function submitForm(previous: SubmissionFormState, form: FormData): Promise<SubmissionFormState> {
  let actor: Actor;
  const draft = readDraft(form);
  const formKey = readFormKey(form);
  const basedOnLeadId = readLeadId(form);
  const again = { formKey, draft, errors: {}, problem: null, basedOnLeadId, attempt: previous.attempt + 1 };

  try {
    actor = await requireActor();
  } catch (error) {
    return { ...again, problem: { title: "This was not submitted", detail: complaintOf(error, "Nothing was sent") } };
  }
  const { input, errors } = parseTaskInput(draft);
  if (errors) return { ...again, errors };

  let result: SubmitResult;
  try {
    result = await submitLead(appContext(), { input, formKey, basedOnLeadId: basedOnLeadId ?? undefined });
  } catch (error) {
    log.error("submit_failed", error instanceof AppError ? (error.cause ?? error) : error);
    const detail = error instanceof AppError ? error.message : "Look at the list of tasks before you submit it again.";
    return { ...again, problem: { title: "This did not go through", detail } };
  }
  if (!result.repeated) {
    const subject = { type: "task" as const, id: result.taskId };
    await recordAudit(appContext(), { actor, action: "submission.submit", subject, detail: { kind: input.kind } });
  }
  runJobsAfterwards();
  if (!result.repeated && result.outcome.type === "refused")
    return refused(again, result.taskId, result.outcome, input);
  const isOnItsWay = result.repeated || result.outcome.type === "accepted";
  redirect(isOnItsWay ? `/?submitted=${result.taskId}` : taskHref(result.taskId));
}

/** Sixtyfour found fault with the request: its words go beside the fields, and the next try is a task of its own. */
function refused(
  again: SubmissionFormState,
  taskId: string,
  outcome: Extract<SubmitOutcome, { type: "refused" }>,
  input: TaskInput,
): SubmissionFormState {
  const errors: Record<string, string> = {};
  for (const { path, message } of outcome.fields) {
    const name = inputOf(path, again.draft, TASK_KINDS[input.kind].leadKey);
    if (name) errors[name] = message;
  }
  const { title, advice } = describeProblem(outcome.reason);
  const detail = outcome.message ? `“${outcome.message}” ${advice}` : advice;
  return { ...again, formKey: randomUUID(), errors, problem: { title, detail, taskId } };
}

function readLeadId(form: FormData): string | null {
  const parsed = z.uuid().safeParse(form.get("basedOnLeadId"));
  return parsed.success ? parsed.data : null;
}

function readFormKey(form: FormData): string {
  const formKey = form.get("formKey");
  return typeof formKey === "string" && /^[\w-]{16,64}$/.test(formKey) ? formKey : randomUUID();
}
