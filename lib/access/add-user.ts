import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { accounts, sessions, users } from "@/db/schema";
import { forgetRemoval } from "@/lib/access/removed-users";
import type { Role } from "@/lib/actor";

/** better-auth's name for the way in that is a password. */
export const CREDENTIAL = "credential";

interface NewUser {
  email: string;
  name: string;
  role: Role;
  /** By `hashPassword` of better-auth. */
  passwordHash: string;
}

/**
 * Adds a user who signs in with a password; who has an account already gets the new password and role, keeps the rest, and
 * is signed out everywhere.
 */
export async function addUser(transaction: Transaction, { email, name, role, passwordHash }: NewUser): Promise<string> {
  const [user] = await transaction
    .insert(users)
    .values({ email, name, role, emailVerified: true })
    .onConflictDoUpdate({ target: users.email, set: { role, updatedAt: new Date() } })
    .returning({ id: users.id });
  if (!user) throw new Error("Postgres returned no row for a user.");
  await forgetRemoval(transaction, email);
  const isPassword = and(eq(accounts.userId, user.id), eq(accounts.providerId, CREDENTIAL));
  await transaction.delete(accounts).where(isPassword);
  await transaction
    .insert(accounts)
    .values({ userId: user.id, providerId: CREDENTIAL, accountId: user.id, password: passwordHash });
  await transaction.delete(sessions).where(eq(sessions.userId, user.id));
  return user.id;
}
