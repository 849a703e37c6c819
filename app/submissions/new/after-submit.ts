import type { Route } from "next";
import { z } from "zod";
import type { Refusal } from "@/app/action";
import { inputOf, readDraft, type SubmissionFormState } from "@/app/submissions/new/form-state";
import { taskHref } from "@/app/tasks/task-href";
import type { SubmitResult } from "@/lib/pipeline/submit";
import { describeProblem } from "@/lib/tasks/task-problems";

/** The form as it was sent: its content, and the names that it goes by. */
export type SentForm = Pick<SubmissionFormState, "draft" | "formKey" | "basedOnLeadId">;

const formKey = z.string().regex(/^[\w-]{16,64}$/);
const leadId = z.uuid().nullable().catch(null);

/** @param newKey takes the place of a form key that is none */
export function readSentForm(form: FormData, newKey: string): SentForm {
  return {
    draft: readDraft(form),
    formKey: formKey.catch(newKey).parse(form.get("formKey")),
    basedOnLeadId: leadId.parse(form.get("basedOnLeadId")),
  };
}

/**
 * Returns what the person sees next: another page; or the form again, where there is something to correct. Sixtyfour's
 * words about the request go beside its inputs, and the next try is a task of its own. Where nothing was sent the form
 * keeps its key, so the same content is still submitted once.
 *
 * @param newId names the answer, and the next rendering of the form where it needs another key
 */
export function afterSubmit(sent: SentForm, result: Refusal, newId: string): SubmissionFormState;
export function afterSubmit(sent: SentForm, result: SubmitResult, newId: string): SubmissionFormState | Route;
export function afterSubmit(
  sent: SentForm,
  result: SubmitResult | Refusal,
  newId: string,
): SubmissionFormState | Route {
  if ("error" in result) {
    const { error, errors = {} } = result;
    const isOfInputs = Object.keys(errors).length > 0;
    const problem = isOfInputs ? null : { title: "This did not go through", detail: error };
    return { ...sent, errors, problem, answerId: newId };
  }
  const { taskId } = result;
  if (result.repeated || result.outcome.type === "accepted") return `/?submitted=${taskId}` as Route;
  if (result.outcome.type !== "refused") return taskHref(taskId);
  const { reason, message, fields } = result.outcome;
  const { title, advice } = describeProblem(reason);
  const detail = message ? `“${message}” ${advice}` : advice;
  const errors = Object.fromEntries(
    fields.flatMap((field) => {
      const input = inputOf(field.path, sent.draft);
      return input ? [[input, field.message]] : [];
    }),
  );
  return { ...sent, formKey: newId, errors, problem: { title, detail, taskId }, answerId: newId };
}
