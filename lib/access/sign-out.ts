import type { Actor } from "@/lib/access/actor";
import { authOf } from "@/lib/access/auth";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";

/** Ends the session of a request. @returns the `Set-Cookie` headers that take the cookie away */
export async function signOut(context: Context, actor: Actor, headers: Headers): Promise<string[]> {
  const { headers: answered } = await authOf(context).api.signOut({ headers, returnHeaders: true });
  await recordAudit(context, { actor, action: "session.sign_out" });
  return answered.getSetCookie();
}
