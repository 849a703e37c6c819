import { and, eq } from "drizzle-orm";
import { invitations, users } from "@/db/schema";
import type { Role } from "@/lib/access/actor";
import { isOpenInvitation } from "@/lib/access/invitations";
import type { Context } from "@/lib/context";

/**
 * What somebody would be whom a provider vouches for: the first admin, who was invited, or of an allowed domain.
 *
 * @param email lower case
 * @returns null where they may not come in
 */
export async function admit({ db, access }: Context, email: string): Promise<Role | null> {
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
  return access.emailDomains.includes(email.split("@").at(-1) ?? "") ? "member" : null;
}
