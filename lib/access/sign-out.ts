import { authOf } from "@/lib/access/auth";
import { readSessionCookies, type SessionCookie } from "@/lib/access/session-cookies";
import type { Actor } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";

/** Ends the session of a request. @returns the cookies, without a life any more */
export async function signOut(context: Context, actor: Actor, headers: Headers): Promise<SessionCookie[]> {
  const { headers: answered } = await authOf(context).api.signOut({ headers, returnHeaders: true });
  await recordAudit(context, { actor, action: "session.sign_out" });
  return readSessionCookies(answered);
}
