import { hashPassword } from "better-auth/crypto";
import { and, eq, sql } from "drizzle-orm";
import { invitations } from "@/db/schema";
import { addUser } from "@/lib/access/add-user";
import { isOpenInvitation } from "@/lib/access/invitations";
import { hashInvitationToken } from "@/lib/access/invite";
import { requireGoodPassword } from "@/lib/access/require-good-password";
import { countAttempt } from "@/lib/access/throttle";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { storableText } from "@/lib/storable-json";

interface Acceptance {
  token: string;
  name: string;
  password: string;
  /** Of the client, as far as it is known. */
  address: string | null;
}

/**
 * Makes whom a link is for a user, with the password that they chose. Of two at the same moment one succeeds.
 *
 * @returns their email, to sign in with
 * @throws AppError `not_found` where the link does not work, or no longer; `invalid_input`; `too_many`
 */
export async function acceptInvitation(context: Context, given: Acceptance): Promise<{ email: string }> {
  const { token, password, address } = given;
  const name = storableText(given.name.trim()).slice(0, 200);
  if (!name) throw new AppError("invalid_input", "Give your name, so that others know who did what.");
  requireGoodPassword(password);
  await countAttempt(context, { account: token, address });
  const passwordHash = await hashPassword(password);
  return context.db.transaction(async (transaction) => {
    const [accepted] = await transaction
      .update(invitations)
      .set({ acceptedAt: sql`now()` })
      .where(and(eq(invitations.tokenHash, hashInvitationToken(token)), isOpenInvitation))
      .returning({ email: invitations.email, role: invitations.role });
    if (!accepted)
      throw new AppError("not_found", "This link was used before, or its time is over. Ask for a new one.");
    const { email, role } = accepted;
    const id = await addUser(transaction, { email, name, role, passwordHash });
    const actor = { type: "user" as const, id, email };
    await recordAudit({ db: transaction }, { actor, action: "user.accept", subject: { type: "user", id } });
    return { email };
  });
}
