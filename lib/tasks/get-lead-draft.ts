import { eq } from "drizzle-orm";
import { z } from "zod";
import { leads, submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { isTaskKindId, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { draftOfLead } from "@/lib/tasks/draft-of-lead";
import type { TaskDraft } from "@/lib/tasks/task-input";

/** What was submitted for a lead, to be submitted again with changes; null where there is nothing of it, or not any more. */
export async function getLeadDraft(
  { db }: Context,
  leadId: string,
): Promise<{ kind: TaskKindId; draft: TaskDraft } | null> {
  if (!z.uuid().safeParse(leadId).success) return null;
  const [found] = await db
    .select({ fields: leads.fields, kind: submissions.kind, options: submissions.options })
    .from(leads)
    .innerJoin(submissions, eq(submissions.id, leads.submissionId))
    .where(eq(leads.id, leadId));
  // An erased lead has no fields.
  if (!found || !isTaskKindId(found.kind) || Object.keys(found.fields).length === 0) return null;
  return { kind: found.kind, draft: draftOfLead(found.kind, found.fields, found.options as TaskOptions) };
}
