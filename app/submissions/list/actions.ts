"use server";

import { z } from "zod";
import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { readDraft } from "@/app/submissions/new/form-state";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { isTaskKindId } from "@/lib/sixtyfour/task-kinds";
import { abandonDraft } from "@/lib/submissions/abandon-draft";
import { addLeads, MAX_LEADS_PER_CALL } from "@/lib/submissions/add-leads";
import { confirmDraft } from "@/lib/submissions/confirm-draft";
import { createDraft } from "@/lib/submissions/create-draft";
import { quoteDraft } from "@/lib/submissions/quote-draft";
import type { Quote } from "@/lib/submissions/submission-view";
import { parseOptions, type TaskInputErrors } from "@/lib/tasks/task-input";

/** What came of it, or in a sentence what went wrong; `errors` are by the names of the form's inputs. */
type Answer<T> = { ok: T } | { error: string; errors?: TaskInputErrors };

const listMeta = z.object({ name: z.string().max(300), columns: z.array(z.string().max(1_000)).max(300) });

/** Begins a submission of a list, with the options of the form. Nothing is sent or charged by it. */
export async function beginList(
  form: FormData,
  given: { name: string; columns: string[] },
): Promise<Answer<{ submissionId: string }>> {
  return answer<{ submissionId: string }>(async () => {
    await requireActor();
    const draft = readDraft(form);
    if (!isTaskKindId(draft.kind)) throw new AppError("invalid_input", "Choose what to do.");
    const { options, errors } = parseOptions(draft.kind, draft);
    if (errors) return { error: "Look at the marked fields.", errors };
    return { ok: await createDraft(appContext(), { kind: draft.kind, options, ...parse(listMeta, given) }) };
  });
}

const rows = z.object({
  submissionId: z.uuid(),
  fromRow: z.int().min(0).max(10_000_000),
  leads: z
    .array(z.object({ fields: z.record(z.string(), z.string()), cells: z.array(z.string()).nullable() }))
    .max(MAX_LEADS_PER_CALL),
});

/** Adds leads to it; the same again changes nothing. */
export async function addRows(given: z.input<typeof rows>): Promise<Answer<null>> {
  return answer(async () => {
    await requireActor();
    await addLeads(appContext(), parse(rows, given));
    return { ok: null };
  });
}

/** What it comes to. */
export async function quoteList(submissionId: string): Promise<Answer<Quote>> {
  return answer(async () => {
    await requireActor();
    return { ok: await quoteDraft(appContext(), { submissionId }) };
  });
}

const confirmation = z.object({ submissionId: z.uuid(), reuse: z.boolean(), asFile: z.boolean() });

/** Lets it be sent: from here on it costs. */
export async function confirmList(given: z.input<typeof confirmation>): Promise<Answer<null>> {
  return answer(async () => {
    const actor = await requireActor();
    const confirmed = parse(confirmation, given);
    await confirmDraft(appContext(), confirmed);
    const subject = { type: "submission" as const, id: confirmed.submissionId };
    await recordAudit(appContext(), { actor, action: "submission.confirm", subject });
    reconcileAfterwards();
    return { ok: null };
  });
}

/**
 * Asks whether a list was confirmed. One that was not never will be, also by a confirmation that is still on its way; so its
 * leads can be submitted in another list.
 */
export async function abandonList(submissionId: string): Promise<Answer<{ isConfirmed: boolean }>> {
  return answer<{ isConfirmed: boolean }>(async () => {
    await requireActor();
    const ok = await abandonDraft(appContext(), { submissionId }).catch((error: unknown) => {
      // Drafts that nobody confirms are deleted.
      if (error instanceof AppError && error.code === "not_found") return { isConfirmed: false };
      throw error;
    });
    return { ok };
  });
}

function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_input", "The list could not be understood. Load the page again, and start over.");
}

async function answer<T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await work();
  } catch (error) {
    return { error: complaintOf(error, "Nothing was sent") };
  }
}
