import { and, eq, isNull, sql, sum } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { leads } from "@/db/schema";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import { DEFAULT_TIER } from "@/lib/sixtyfour/task-options";
import type { FileObstacle } from "@/lib/submissions/submission-view";
import { MAX_FILE_BYTES } from "@/lib/tasks/lead-file";

/** A submission; its options name the tier. */
interface Given {
  id: string;
  kind: string;
  options: Record<string, unknown>;
}

/** True where the leads of a submission that take no earlier result can go out as one file. */
export async function canGoAsFile(db: Database | Transaction, submission: Given): Promise<boolean> {
  return (await findFileObstacle(db, submission)) === null;
}

/** Returns the reason why these leads can't go out as one file; null where they can. */
export async function findFileObstacle(
  db: Database | Transaction,
  { id, kind, options }: Given,
): Promise<FileObstacle | null> {
  const { file } = findTaskKind(kind) ?? {};
  if (!file) return "kind";
  const tier = options.tier ?? DEFAULT_TIER;
  if (!file.tiers.some((one) => one === tier)) return "tier";
  const [size] = await db
    .select({
      leads: sql<number>`count(*)::int`,
      bytes: sql<number>`coalesce(${sum(sql`octet_length(${leads.fields}::text)`)}, 0)::float8`,
    })
    .from(leads)
    .where(and(eq(leads.submissionId, id), isNull(leads.reusedLeadId)));
  return size !== undefined && size.leads <= file.maxRows && size.bytes <= MAX_FILE_BYTES ? null : "size";
}
