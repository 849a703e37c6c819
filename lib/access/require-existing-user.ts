import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { users } from "@/db/schema";
import type { Actor } from "@/lib/actor";
import { AppError } from "@/lib/errors";

/**
 * Makes a removal of this user wait until the transaction ends. So whatever they issue in it is either seen and ended by
 * their removal, or never stored.
 *
 * @throws AppError `unauthorized` if they were removed
 */
export async function requireExistingUser(transaction: Transaction, actor: Actor): Promise<void> {
  if (actor.type !== "user") return;
  const [user] = await transaction.select({ id: users.id }).from(users).where(eq(users.id, actor.id)).for("key share");
  if (!user) throw new AppError("unauthorized", "Your account was removed.");
}
