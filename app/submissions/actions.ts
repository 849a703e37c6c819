"use server";

import { redirect } from "next/navigation";
import { complaintOf } from "@/app/complaint";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { submissionHref } from "@/app/submissions/submission-href";
import { appContext, type Context } from "@/lib/context";
import { cancelSubmission } from "@/lib/submissions/cancel";
import { pauseSubmission } from "@/lib/submissions/pause";
import { resumeSubmission } from "@/lib/submissions/resume";
import { retryFailed } from "@/lib/submissions/retry";

/** What went wrong; otherwise the action ends on the submission's page. */
export type SubmissionActionState = { error: string } | null;

/** Sends no more of it until it is resumed. */
export async function pause(_previous: SubmissionActionState, form: FormData): Promise<SubmissionActionState> {
  return change(form, pauseSubmission);
}

/** Goes on with what is still queued. */
export async function resume(_previous: SubmissionActionState, form: FormData): Promise<SubmissionActionState> {
  return change(form, resumeSubmission);
}

/** Gives up what has not been sent, once the person has ticked that they mean it. */
export async function cancel(_previous: SubmissionActionState, form: FormData): Promise<SubmissionActionState> {
  if (form.get("sure") !== "on") return { error: "Tick the box first: this can't be undone." };
  return change(form, cancelSubmission);
}

/** Submits the leads of failed tasks again. */
export async function retry(_previous: SubmissionActionState, form: FormData): Promise<SubmissionActionState> {
  return change(form, retryFailed);
}

async function change(
  form: FormData,
  verb: (context: Context, given: { submissionId: string }) => Promise<unknown>,
): Promise<SubmissionActionState> {
  const submissionId = form.get("submissionId");
  if (typeof submissionId !== "string") return { error: "There is no such submission." };
  try {
    await verb(appContext(), { submissionId });
  } catch (error) {
    return { error: complaintOf(error) };
  }
  reconcileAfterwards();
  redirect(submissionHref(submissionId));
}
