import { hashPassword } from "better-auth/crypto";
import { eq, sql } from "drizzle-orm";
import { users } from "@/db/schema";
import { addUser } from "@/lib/access/add-user";
import type { Context } from "@/lib/context";

/** Any number that no other lock of ours has. */
const FIRST_ADMIN_LOCK = 64_064_067;

/**
 * Makes the first admin from ADMIN_EMAIL and ADMIN_PASSWORD, where there is no admin yet. Changing the variables later
 * changes nobody's password: then it is theirs.
 */
export async function ensureFirstAdmin({ db, access }: Context): Promise<void> {
  if (access.mode !== "sign_in" || !access.admin.password) return;
  const { email, password } = access.admin;
  const hasAdmin = async (reader: Pick<typeof db, "select">) =>
    (await reader.select({ id: users.id }).from(users).where(eq(users.role, "admin")).limit(1)).length > 0;
  if (await hasAdmin(db)) return;
  const passwordHash = await hashPassword(password);
  await db.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(${FIRST_ADMIN_LOCK})`);
    if (await hasAdmin(transaction)) return;
    await addUser(transaction, { email, name: email.split("@")[0] ?? email, role: "admin", passwordHash });
  });
}
