import { hashPassword, verifyPassword } from "better-auth/crypto";
import { and, eq, ne } from "drizzle-orm";
import { accounts, sessions } from "@/db/schema";
import { requireGoodPassword } from "@/lib/access/require-good-password";
import { countAttempt, forgetAttempts } from "@/lib/access/throttle";
import type { Actor } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/**
 * Changes somebody's own password, and signs them out everywhere else.
 *
 * @throws AppError `invalid_input`, `conflict` where they sign in by a provider, `too_many`
 */
export async function changePassword(
  context: Context,
  actor: Extract<Actor, { type: "user" }>,
  { current, next }: { current: string; next: string },
): Promise<void> {
  const { db } = context;
  requireGoodPassword(next);
  await countAttempt(context, { account: actor.email });
  const isTheirs = and(eq(accounts.userId, actor.id), eq(accounts.providerId, "credential"));
  const [account] = await db.select({ password: accounts.password }).from(accounts).where(isTheirs);
  if (!account?.password)
    throw new AppError("conflict", "You sign in by a provider, so there is no password to change.");
  if (!(await verifyPassword({ hash: account.password, password: current }))) {
    throw new AppError("invalid_input", "The current password is wrong.");
  }
  const password = await hashPassword(next);
  await db.transaction(async (transaction) => {
    await transaction.update(accounts).set({ password, updatedAt: new Date() }).where(isTheirs);
    await transaction.delete(sessions).where(and(eq(sessions.userId, actor.id), ne(sessions.id, actor.sessionId)));
  });
  await forgetAttempts(context, actor.email);
  await recordAudit(context, { actor, action: "user.password" });
}
