import { and, eq } from "drizzle-orm";
import { invitations, users } from "@/db/schema";
import { isOpenInvitation } from "@/lib/access/invitations";
import { isRemoved } from "@/lib/access/removed-users";
import type { Role } from "@/lib/actor";
import type { Context } from "@/lib/context";

/**
 * Returns the role for a new user who signs in by a provider: the first admin, who was invited, or of an allowed domain.
 * A removed user needs an invitation, or an admin who allows them again.
 *
 * @param email lower case
 * @param providerAccount the account at the provider, as `github:<id>`
 * @returns null where they may not come in
 */
export async function admit(context: Context, email: string, providerAccount?: string): Promise<Role | null> {
  const { db, access } = context;
  if (access.mode !== "sign_in") return null;
  if (email === access.admin.email) {
    const [admin] = await db.select({ id: users.id }).from(users).where(eq(users.role, "admin")).limit(1);
    if (!admin) return "admin";
  }
  const [invited] = await db
    .select({ role: invitations.role })
    .from(invitations)
    .where(and(eq(invitations.email, email), isOpenInvitation))
    .limit(1);
  if (invited) return invited.role;
  if (!access.emailDomains.includes(email.split("@").at(-1) ?? "")) return null;
  return (await isRemoved(context, email, providerAccount)) ? null : "member";
}
