import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { invitations } from "@/db/schema";
import { hashInvitationToken } from "@/lib/access/invite";
import type { Actor, Role } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/** An invitation that waits to be accepted. Times are ISO 8601 in UTC. */
export interface InvitationView {
  id: string;
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
}

/** It can still be accepted. */
export const isOpenInvitation = and(
  isNull(invitations.acceptedAt),
  isNull(invitations.revokedAt),
  gt(invitations.expiresAt, sql`now()`),
);

/** Those that can still be accepted, newest first. */
export async function listInvitations({ db }: Context): Promise<InvitationView[]> {
  const rows = await db.select().from(invitations).where(isOpenInvitation).orderBy(desc(invitations.id));
  return rows.map(({ id, email, role, invitedBy, createdAt, expiresAt }) => ({
    id,
    email,
    role,
    invitedBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }));
}

/** Whom a link is for; null where it does not work, or no longer. */
export async function findInvitation({ db }: Context, token: string): Promise<{ email: string; role: Role } | null> {
  const [found] = await db
    .select({ email: invitations.email, role: invitations.role })
    .from(invitations)
    .where(and(eq(invitations.tokenHash, hashInvitationToken(token)), isOpenInvitation));
  return found ?? null;
}

/**
 * Ends a link before it was used.
 *
 * @throws AppError `not_found`
 */
export async function revokeInvitation({ db }: Context, actor: Actor, invitationId: string): Promise<void> {
  const notFound = () => new AppError("not_found", "There is no such invitation, or it was accepted.");
  if (!z.uuid().safeParse(invitationId).success) throw notFound();
  const [revoked] = await db
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(invitations.id, invitationId), isOpenInvitation))
    .returning({ email: invitations.email });
  if (!revoked) throw notFound();
  await recordAudit({ db }, { actor, action: "invitation.revoke", detail: { email: revoked.email } });
}
