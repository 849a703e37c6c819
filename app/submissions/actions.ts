"use server";

import { redirect } from "next/navigation";
import { requireActor } from "@/app/access";
import type { ActionState } from "@/app/action-state";
import { complaintOf } from "@/app/complaint";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { submissionHref } from "@/app/submissions/submission-href";
import { textOf } from "@/app/text-of";
import type { AuditAction } from "@/lib/audit/audit-view";
import { recordAudit } from "@/lib/audit/record";
import { appContext, type Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { cancelSubmission } from "@/lib/pipeline/cancel";
import { pauseSubmission } from "@/lib/pipeline/pause";
import { resumeSubmission } from "@/lib/pipeline/resume";
import { retryFailed } from "@/lib/pipeline/retry";

/** Sends no more of it until it is resumed. */
export async function pause(_previous: ActionState, form: FormData): Promise<ActionState> {
  return change(form, "submission.pause", pauseSubmission);
}

/** Goes on with what is still queued. */
export async function resume(_previous: ActionState, form: FormData): Promise<ActionState> {
  return change(form, "submission.resume", resumeSubmission);
}

/** Gives up what has not been sent, once the person has ticked that they mean it. */
export async function cancel(_previous: ActionState, form: FormData): Promise<ActionState> {
  return change(form, "submission.cancel", (context, given) => {
    if (form.get("sure") !== "on") throw new AppError("invalid_input", "Tick the box first: this can't be undone.");
    return cancelSubmission(context, given);
  });
}

/** Submits the leads of failed tasks again. */
export async function retry(_previous: ActionState, form: FormData): Promise<ActionState> {
  return change(form, "submission.retry", retryFailed);
}

async function change(
  form: FormData,
  action: AuditAction,
  verb: (context: Context, given: { submissionId: string }) => Promise<unknown>,
): Promise<ActionState> {
  let submissionId: string;
  try {
    const actor = await requireActor();
    submissionId = textOf(form, "submissionId");
    await verb(appContext(), { submissionId });
    await recordAudit(appContext(), { actor, action, subject: { type: "submission", id: submissionId } });
  } catch (error) {
    return { error: complaintOf(error) };
  }
  runJobsAfterwards();
  redirect(submissionHref(submissionId));
}
