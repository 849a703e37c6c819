import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/db/client";
import { leads, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { isTaskKindId, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { EarlierInvestigation, TaskOptions } from "@/lib/sixtyfour/task-options";
import { draftOfLead } from "@/lib/tasks/draft-of-lead";
import type { TaskDraft } from "@/lib/tasks/task-draft";

/** Limit of the chain of earlier leads that is followed back. */
const MAX_EARLIER_LEADS = 50;

export interface LeadDraft {
  kind: TaskKindId;
  draft: TaskDraft;
  /** Investigations of this lead and of those that it was submitted again for, the latest first. */
  investigations: EarlierInvestigation[];
}

/** Returns a submitted lead for the form, to be submitted again with changes; null where it is unknown or erased. */
export async function getLeadDraft({ db }: Pick<Context, "db">, leadId: string): Promise<LeadDraft | null> {
  if (!z.uuid().safeParse(leadId).success) return null;
  const [found] = await db
    .select({ fields: leads.fields, kind: submissions.kind, options: submissions.options })
    .from(leads)
    .innerJoin(submissions, eq(submissions.id, leads.submissionId))
    .where(eq(leads.id, leadId));
  // An erased lead has no fields.
  if (!found || !isTaskKindId(found.kind) || Object.keys(found.fields).length === 0) return null;
  return {
    kind: found.kind,
    draft: draftOfLead(found.kind, found.fields, found.options as TaskOptions),
    investigations: await findInvestigations(db, leadId),
  };
}

async function findInvestigations(db: Database, leadId: string): Promise<EarlierInvestigation[]> {
  const rows = await db.execute<{ id: string; started_at: Date | string }>(sql`
    with recursive chain as (
      select task_id, based_on_lead_id, 1 as place from ${leads} where id = ${leadId}
      union all
      select earlier.task_id, earlier.based_on_lead_id, chain.place + 1
      from chain join ${leads} as earlier on earlier.id = chain.based_on_lead_id
      where chain.place < ${MAX_EARLIER_LEADS}
    )
    select ${tasks.investigation}->>'id' as id, min(coalesce(${tasks.submittedAt}, ${tasks.createdAt})) as started_at
    from chain join ${tasks} on ${tasks.id} = chain.task_id
    where ${tasks.investigation}->>'id' <> ''
    group by 1 order by started_at desc`);
  return rows.map(({ id, started_at }) => ({ id, startedAt: new Date(started_at).toISOString() }));
}
