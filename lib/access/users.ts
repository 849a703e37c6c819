import { and, asc, count, eq, isNull, max, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { accounts, apiTokens, invitations, removedUsers, sessions, users } from "@/db/schema";
import { CREDENTIAL } from "@/lib/access/add-user";
import { isOpenInvitation } from "@/lib/access/invitations";
import { type Actor, actorName, type Role } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/** A user as admins see them. Times are ISO 8601 in UTC. */
export interface UserView {
  id: string;
  email: string;
  name: string;
  role: Role;
  createdAt: string;
  /** Of the sessions that still are. */
  lastSignInAt: string | null;
  sessions: number;
}

/** Any number will do, as long as every copy of this app takes the same. */
const ADMINS_LOCK = 64_064_066;

/** All users, by email. */
export async function listUsers({ db }: Context): Promise<UserView[]> {
  const rows = await db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      createdAt: users.createdAt,
      lastSignInAt: max(sessions.createdAt),
      sessions: count(sessions.id),
    })
    .from(users)
    .leftJoin(sessions, eq(sessions.userId, users.id))
    .groupBy(users.id)
    .orderBy(asc(users.email));
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
  }));
}

/**
 * Makes somebody an admin or a member. It counts from their next request.
 *
 * @throws AppError `not_found`; `conflict` where no admin would be left
 */
export async function changeRole(context: Context, actor: Actor, given: { userId: string; role: Role }): Promise<void> {
  await changeUser(context, given.userId, given.role === "admin", async (transaction, user) => {
    await transaction.update(users).set({ role: given.role, updatedAt: new Date() }).where(eq(users.id, user.id));
    await recordAudit(
      { db: transaction },
      {
        actor,
        action: "user.role",
        subject: { type: "user", id: user.id },
        detail: { email: user.email, role: given.role },
      },
    );
  });
}

/**
 * Removes somebody, with their sessions, API tokens, and the open invitations that they issued or that are for them. No
 * provider brings them in again until an admin allows it. What they did stays in the audit log.
 *
 * @throws AppError `not_found`; `conflict` where no admin would be left
 */
export async function removeUser(context: Context, actor: Actor, given: { userId: string }): Promise<void> {
  const removed = await changeUser(context, given.userId, false, async (transaction, user) => {
    const theirs = await transaction
      .select({ provider: accounts.providerId, account: accounts.accountId })
      .from(accounts)
      .where(eq(accounts.userId, user.id));
    // First, so that nothing can be issued by them any more; see requireExistingUser.
    await transaction.delete(users).where(eq(users.id, user.id));
    const removal = {
      removedBy: actorName(actor),
      providerAccounts: theirs.filter(({ provider }) => provider !== CREDENTIAL).map(providerAccountOf),
    };
    await transaction
      .insert(removedUsers)
      .values({ email: user.email, ...removal })
      .onConflictDoUpdate({ target: removedUsers.email, set: { ...removal, removedAt: sql`now()` } });
    const tokens = await transaction
      .update(apiTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiTokens.createdBy, user.email), isNull(apiTokens.revokedAt)))
      .returning({ id: apiTokens.id });
    const revoked = await transaction
      .update(invitations)
      .set({ revokedAt: sql`now()` })
      .where(and(or(eq(invitations.email, user.email), eq(invitations.invitedBy, user.email)), isOpenInvitation))
      .returning({ id: invitations.id });
    const detail = { email: user.email, tokens: tokens.length, invitations: revoked.length };
    await recordAudit(
      { db: transaction },
      { actor, action: "user.remove", subject: { type: "user", id: user.id }, detail },
    );
    return { userId: user.id, tokens: tokens.length, invitations: revoked.length };
  });
  // After a backup is restored, this line alone knows of it.
  log.info("user_removed", removed);
}

function providerAccountOf({ provider, account }: { provider: string; account: string }): string {
  return `${provider}:${account}`;
}

/** Changes of admins take turns, so that two of them can't remove each other. */
async function changeUser<T>(
  { db }: Context,
  userId: string,
  staysAdmin: boolean,
  work: (transaction: Transaction, user: { id: string; email: string }) => Promise<T>,
): Promise<T> {
  const notFound = () => new AppError("not_found", "There is no such user.");
  if (!z.uuid().safeParse(userId).success) throw notFound();
  return db.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(${ADMINS_LOCK})`);
    const [user] = await transaction
      .select({ id: users.id, email: users.email, role: users.role })
      .from(users)
      .where(eq(users.id, userId));
    if (!user) throw notFound();
    if (user.role === "admin" && !staysAdmin) {
      const admins = await transaction.$count(users, eq(users.role, "admin"));
      if (admins < 2) throw new AppError("conflict", "This is the last admin. Make somebody else an admin first.");
    }
    return work(transaction, user);
  });
}
