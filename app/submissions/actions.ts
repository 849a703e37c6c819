"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action, inputs, ticked } from "@/app/action";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { submissionHref } from "@/app/submissions/submission-href";
import type { AuditAction } from "@/lib/audit/audit-view";
import { cancelSubmission } from "@/lib/pipeline/cancel";
import { pauseSubmission } from "@/lib/pipeline/pause";
import { resumeSubmission } from "@/lib/pipeline/resume";
import { retryFailed } from "@/lib/pipeline/retry";

const submission = inputs({ submissionId: z.string() });
type Done = { input: { submissionId: string } };

/** The rules that all actions on a submission share. */
const rules = (name: AuditAction) => ({
  may: "member" as const,
  audit: ({ input: { submissionId } }: Done) => ({
    action: name,
    subject: { type: "submission" as const, id: submissionId },
  }),
  after: ({ input: { submissionId } }: Done) => {
    runJobsAfterwards();
    redirect(submissionHref(submissionId));
  },
});

/** Stops sending until the submission is resumed. */
export const pause = action({
  ...rules("submission.pause"),
  input: submission,
  run: ({ context, input }) => pauseSubmission(context, input),
});

/** Goes on with what is still queued. */
export const resume = action({
  ...rules("submission.resume"),
  input: submission,
  run: ({ context, input }) => resumeSubmission(context, input),
});

/** Cancels the leads that were not sent, once the person has ticked the box. */
export const cancel = action({
  ...rules("submission.cancel"),
  input: inputs({ submissionId: z.string(), sure: ticked() }),
  run: ({ context, input }) => cancelSubmission(context, input),
});

/** Submits the leads of failed tasks again. */
export const retry = action({
  ...rules("submission.retry"),
  input: submission,
  run: async ({ context, input }) => {
    await retryFailed(context, input);
  },
});
