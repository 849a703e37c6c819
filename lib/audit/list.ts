import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { auditEvents } from "@/db/schema";
import { type AuditPage, isAuditAction } from "@/lib/audit/audit-view";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { storableText } from "@/lib/storable-json";

const PAGE_SIZE = 50;

/**
 * The audit log, newest first.
 *
 * @param search as in an address: `cursor`, a page's nextCursor; `action` and `by` (an actor's name) keep what fits
 * @throws AppError `invalid_input`
 */
export async function listAudit(
  { db }: Context,
  search: { cursor?: unknown; action?: unknown; by?: unknown },
): Promise<AuditPage> {
  const parsed = z
    .object({ cursor: z.uuid().optional(), action: z.string().optional(), by: z.string().max(320).optional() })
    .safeParse(search);
  if (!parsed.success) throw new AppError("invalid_input", "The audit log has no such page.");
  const { cursor, action, by } = parsed.data;
  const rows = await db
    .select()
    .from(auditEvents)
    .where(
      and(
        cursor ? lt(auditEvents.id, cursor) : undefined,
        isAuditAction(action) ? eq(auditEvents.action, action) : undefined,
        by?.trim() ? eq(auditEvents.actorName, storableText(by.trim())) : undefined,
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(PAGE_SIZE + 1);
  const page = rows.slice(0, PAGE_SIZE);
  return {
    events: page.map(({ at, actorId: _actorId, ...event }) => ({ ...event, at: at.toISOString() })),
    nextCursor: rows.length > PAGE_SIZE ? (page.at(-1)?.id ?? null) : null,
  };
}
