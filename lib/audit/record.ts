import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import { auditEvents, users } from "@/db/schema";
import { type Actor, actorName } from "@/lib/access/actor";
import type { AuditAction, AuditDetail, AuditSubjectType } from "@/lib/audit/audit-view";
import { log } from "@/lib/log";

interface AuditEntry {
  actor: Actor | { type: "user"; id: string; email: string };
  action: AuditAction;
  subject?: { type: AuditSubjectType; id: string };
  /** Counts, roles and the like; never anything about a lead. */
  detail?: AuditDetail;
}

/**
 * Writes a line of the audit log. What it tells has happened by then, so a log that can't be written to fails nobody: the
 * line then stands in the server's log, whole.
 */
export async function recordAudit({ db }: { db: Database | Transaction }, entry: AuditEntry): Promise<void> {
  const { actor, action, subject, detail = {} } = entry;
  const row = {
    actorType: actor.type,
    actorId: actor.type === "nobody" ? null : actor.id,
    actorName: "email" in actor ? actor.email : actorName(actor),
    action,
    subjectType: subject?.type ?? null,
    subjectId: subject?.id ?? null,
    detail,
  };
  try {
    await db.insert(auditEvents).values(row);
  } catch (error) {
    log.error("audit_failed", error, { ...row, detail: JSON.stringify(detail) });
  }
}

/**
 * Writes that somebody was not let in. An address that nobody has is left out: people type passwords into the wrong field.
 * There is one line per minute, account and reason, which counts the attempts, so that guessing can't fill the table.
 */
export async function recordRefusal({ db }: { db: Database }, account: string, reason: string): Promise<void> {
  const [known] = await db.select({ id: users.id }).from(users).where(eq(users.email, account));
  await db
    .insert(auditEvents)
    .values({
      id: refusalId(new Date(), `${known?.id ?? ""} ${reason}`),
      actorType: "nobody",
      actorName: known ? account : "somebody unknown",
      action: "session.refused" satisfies AuditAction,
      subjectType: known ? "user" : null,
      subjectId: known?.id ?? null,
      detail: { reason, attempts: 1 },
    })
    .onConflictDoUpdate({
      target: auditEvents.id,
      set: {
        detail: sql`${auditEvents.detail} || jsonb_build_object('attempts', (${auditEvents.detail}->>'attempts')::int + 1)`,
      },
    });
}

/** Returns the id of a minute's line: a UUIDv7 of its start, whose random part is a hash of what the line is about. */
function refusalId(at: Date, about: string): string {
  const start = firstIdAt(Math.floor(at.getTime() / 60_000) * 60_000);
  const hash = createHash("sha256").update(about).digest("hex");
  return `${start.slice(0, 15)}${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
