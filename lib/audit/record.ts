import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import { newId } from "@/db/new-id";
import { auditEvents, users } from "@/db/schema";
import { type Actor, actorName } from "@/lib/actor";
import type { AuditAction, AuditDetail, AuditSubjectType } from "@/lib/audit/audit-view";
import { log } from "@/lib/log";

/** A deed and its subject. */
export interface AuditLine {
  action: AuditAction;
  subject?: { type: AuditSubjectType; id: string };
  /** Counts, roles and the like; never anything about a lead. */
  detail?: AuditDetail;
}

interface AuditEntry extends AuditLine {
  actor: Actor | { type: "user"; id: string; email: string };
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

/** Lines of one account and reason in a minute that stand alone. Further attempts are counted in one more line. */
const REFUSALS_PER_MINUTE = 5;

/**
 * Writes that somebody was not let in. An address that nobody has is left out: people type passwords into the wrong field.
 * Guessing can't fill the table: past the first few of a minute, one line counts the attempts of an account.
 */
export async function recordRefusal({ db }: { db: Database }, account: string, reason: string): Promise<void> {
  const [known] = await db.select({ id: users.id }).from(users).where(eq(users.email, account));
  const actorName = known ? account : "somebody unknown";
  const minuteMs = Math.floor(Date.now() / 60_000) * 60_000;
  const linesOfMinute = sql`(select count(*) from ${auditEvents} as line where line.id >= ${firstIdAt(minuteMs)}
    and line.action = 'session.refused' and line.actor_name = ${actorName} and line.detail->>'reason' = ${reason})`;
  await db
    .insert(auditEvents)
    .values({
      id: sql`case when ${linesOfMinute} < ${REFUSALS_PER_MINUTE} then ${newId()}::uuid
        else ${idOfCount(minuteMs, `${known?.id ?? ""} ${reason}`)}::uuid end`,
      actorType: "nobody",
      actorName,
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

/** Returns the id of the line that counts: a UUIDv7 of the minute's end, with a hash of what the line is about. */
function idOfCount(minuteMs: number, about: string): string {
  const start = firstIdAt(minuteMs + 59_999);
  const hash = createHash("sha256").update(about).digest("hex");
  return `${start.slice(0, 15)}${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
