"use server";

import { z } from "zod";
import { action } from "@/app/action";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { readDraft } from "@/app/submissions/new/form-state";
import { AppError } from "@/lib/errors";
import { abandonDraft } from "@/lib/pipeline/abandon-draft";
import { addLeads, MAX_LEADS_PER_CALL } from "@/lib/pipeline/add-leads";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { isTaskKindId } from "@/lib/sixtyfour/task-kinds";
import { createDraft } from "@/lib/submissions/create-draft";
import { quoteDraft } from "@/lib/submissions/quote-draft";
import { parseOptions } from "@/lib/tasks/task-input";

const invalid = "The list could not be understood. Load the page again, and start over.";
const reassurance = "Nothing was sent; try again.";
const submissionId = z.uuid();

/** Begins a submission of a list, with the options of the form. Nothing is sent or charged by it. */
export const beginList = action({
  may: "member",
  input: z.object({
    form: z.instanceof(FormData).transform(readDraft),
    name: z.string().max(300),
    columns: z.array(z.string().max(1_000)).max(300),
  }),
  invalid,
  reassurance,
  run: async ({ context, input: { form: draft, name, columns } }) => {
    if (!isTaskKindId(draft.kind)) return { error: "Choose what to do." };
    const { options, errors } = parseOptions(draft.kind, draft);
    if (errors) return { error: "Look at the marked fields.", errors };
    return createDraft(context, { kind: draft.kind, options, name, columns });
  },
});

/** Adds leads to a list; the same leads again change nothing. */
export const addRows = action({
  may: "member",
  input: z.object({
    submissionId,
    fromRow: z.int().min(0).max(10_000_000),
    leads: z
      .array(z.object({ fields: z.record(z.string(), z.string()), cells: z.array(z.string()).nullable() }))
      .max(MAX_LEADS_PER_CALL),
  }),
  invalid,
  reassurance,
  run: ({ context, input }) => addLeads(context, input),
});

/** Estimates what the list costs. */
export const quoteList = action({
  may: "member",
  input: submissionId,
  invalid,
  reassurance,
  run: ({ context, input }) => quoteDraft(context, { submissionId: input }),
});

/** Lets the list be sent: from here on it costs. */
export const confirmList = action({
  may: "member",
  input: z.object({ submissionId, reuse: z.boolean(), asFile: z.boolean() }),
  invalid,
  reassurance,
  run: async ({ context, input }) => {
    await confirmDraft(context, input);
  },
  audit: ({ input }) => ({ action: "submission.confirm", subject: { type: "submission", id: input.submissionId } }),
  after: runJobsAfterwards,
});

/**
 * Asks whether a list was confirmed. One that was not never will be, also by a confirmation that is still on its way, so its
 * leads can be submitted in another list.
 */
export const abandonList = action({
  may: "member",
  input: submissionId,
  invalid,
  reassurance,
  run: ({ context, input }) =>
    abandonDraft(context, { submissionId: input }).catch((error: unknown) => {
      // Drafts that nobody confirms are deleted.
      if (error instanceof AppError && error.code === "not_found") return { isConfirmed: false };
      throw error;
    }),
});
