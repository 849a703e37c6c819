import { arrayContains, desc, eq, or } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { removedUsers } from "@/db/schema";
import type { Actor } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/** A removed user whom no provider brings in again. Times are ISO 8601 in UTC. */
export interface RemovedUserView {
  email: string;
  removedBy: string;
  removedAt: string;
}

/** All who are kept out, newest first. */
export async function listRemovedUsers({ db }: Context): Promise<RemovedUserView[]> {
  const rows = await db
    .select({ email: removedUsers.email, removedBy: removedUsers.removedBy, removedAt: removedUsers.removedAt })
    .from(removedUsers)
    .orderBy(desc(removedUsers.removedAt), removedUsers.email);
  return rows.map((row) => ({ ...row, removedAt: row.removedAt.toISOString() }));
}

/** True if a user with this email, or with this account at a provider (`github:<id>`), was removed and not allowed again. */
export async function isRemoved({ db }: Context, email: string, providerAccount?: string): Promise<boolean> {
  const isSame = or(
    eq(removedUsers.email, email),
    providerAccount === undefined ? undefined : arrayContains(removedUsers.providerAccounts, [providerAccount]),
  );
  const [found] = await db.select({ email: removedUsers.email }).from(removedUsers).where(isSame).limit(1);
  return found !== undefined;
}

/**
 * Lets a removed user come in again, by the ways that are open to anybody else. It gives them no account.
 *
 * @throws AppError `not_found`
 */
export async function allowAgain({ db }: Context, actor: Actor, { email }: { email: string }): Promise<void> {
  await db.transaction(async (transaction) => {
    const allowed = await forgetRemoval(transaction, email);
    if (!allowed) throw new AppError("not_found", "Nobody with this address is kept out.");
    await recordAudit({ db: transaction }, { actor, action: "user.allow", detail: { email } });
  });
}

/** Somebody who was removed is a user again. @returns false if they were not kept out */
export async function forgetRemoval(transaction: Pick<Transaction, "delete">, email: string): Promise<boolean> {
  const forgotten = await transaction
    .delete(removedUsers)
    .where(eq(removedUsers.email, email))
    .returning({ email: removedUsers.email });
  return forgotten.length > 0;
}
