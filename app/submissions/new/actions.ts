"use server";

import { randomUUID } from "node:crypto";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/app/action";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { afterSubmit, readSentForm } from "@/app/submissions/new/after-submit";
import { submitLead } from "@/lib/pipeline/submit";
import { parseTaskInput } from "@/lib/tasks/task-input";

/**
 * Submits the form. The answer is the form's next state, where there is something to correct; otherwise the person goes on
 * to the dashboard, or to the task where Sixtyfour did not take it.
 */
export const submitForm = action({
  may: "member",
  input: z.instanceof(FormData).transform((form, context) => {
    const sent = readSentForm(form, randomUUID());
    const { input, errors } = parseTaskInput(sent.draft);
    if (input) return { ...sent, task: input };
    for (const [name, message] of Object.entries(errors)) context.addIssue({ code: "custom", path: [name], message });
    return z.NEVER;
  }),
  reassurance: "Look at the list of tasks before you submit it again.",
  run: ({ context, input: { task, formKey, basedOnLeadId } }) =>
    submitLead(context, { input: task, formKey, basedOnLeadId: basedOnLeadId ?? undefined }),
  audit: ({ input: { task }, value: { taskId, repeated } }) =>
    repeated
      ? null
      : { action: "submission.submit", subject: { type: "task", id: taskId }, detail: { kind: task.kind } },
  after: runJobsAfterwards,
  answer: ({ input, value }) => {
    const next = afterSubmit(input, value, randomUUID());
    return typeof next === "string" ? redirect(next) : next;
  },
  failed: (refusal, form) => afterSubmit(readSentForm(form, randomUUID()), refusal, randomUUID()),
});
