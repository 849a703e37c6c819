import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { invitations } from "@/db/schema";
import { requireExistingUser } from "@/lib/access/require-existing-user";
import { type Actor, actorName, type Role } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

export const INVITATION_LASTS_IN_DAYS = 7;

const invitee = z.object({ email: z.email().max(254), role: z.enum(["admin", "member"]) });

/** What is kept, and looked up, of an invitation's token. */
export function hashInvitationToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/**
 * Makes a link by which somebody becomes a user and chooses a password; for who is one already, a new password. An earlier
 * link for the same address ends.
 *
 * @returns the token of the link, this once
 * @throws AppError `invalid_input`
 */
export async function invite(
  { db }: Context,
  actor: Actor,
  given: { email: string; role: string },
): Promise<{ token: string; email: string }> {
  const parsed = invitee.safeParse({ email: given.email.trim().toLowerCase(), role: given.role });
  if (!parsed.success) throw new AppError("invalid_input", "Give an email address, such as ada@example.com.");
  const { email, role }: { email: string; role: Role } = parsed.data;
  const token = randomBytes(32).toString("base64url");
  await db.transaction(async (transaction) => {
    await requireExistingUser(transaction, actor);
    await transaction
      .update(invitations)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(invitations.email, email), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)));
    await transaction.insert(invitations).values({
      email,
      role,
      tokenHash: hashInvitationToken(token),
      invitedBy: actorName(actor),
      expiresAt: sql`now() + make_interval(days => ${INVITATION_LASTS_IN_DAYS})`,
    });
  });
  await recordAudit({ db }, { actor, action: "user.invite", detail: { email, role } });
  return { token, email };
}
