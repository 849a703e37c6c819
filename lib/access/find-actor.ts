import type { Actor } from "@/lib/access/actor";
import { authOf } from "@/lib/access/auth";
import type { Context } from "@/lib/context";

/**
 * Who makes a request, by the session that its cookie names. Read from the database each time, so that a role that was
 * changed, or a user who was removed, counts at once.
 *
 * @returns null where nobody is signed in
 */
export async function findActor(context: Context, headers: Headers): Promise<Actor | null> {
  if (context.access.mode === "open") return { type: "nobody" };
  if (context.access.mode === "unset") return null;
  const found = await authOf(context).api.getSession({ headers });
  if (!found) return null;
  const { id, email, name, role } = found.user;
  return { type: "user", sessionId: found.session.id, id, email, name, role: role === "admin" ? "admin" : "member" };
}
