import { and, eq, isNull, sql, sum } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { leads } from "@/db/schema";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import { MAX_FILE_BYTES } from "@/lib/tasks/lead-file";

/** Whether the leads of a submission that take no earlier result can go out as one file. */
export async function canGoAsFile(
  db: Database | Transaction,
  { id, kind }: { id: string; kind: string },
): Promise<boolean> {
  const { file } = findTaskKind(kind) ?? {};
  if (!file) return false;
  const [size] = await db
    .select({
      leads: sql<number>`count(*)::int`,
      bytes: sql<number>`coalesce(${sum(sql`octet_length(${leads.fields}::text)`)}, 0)::float8`,
    })
    .from(leads)
    .where(and(eq(leads.submissionId, id), isNull(leads.reusedLeadId)));
  return size !== undefined && size.leads <= file.maxRows && size.bytes <= MAX_FILE_BYTES;
}
