import { authOf } from "@/lib/access/auth";
import { isLocalHost } from "@/lib/access/is-local-host";
import type { Actor } from "@/lib/actor";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/**
 * Who makes a request, by the session that its cookie names. Read from the database each time, so that a role that was
 * changed, or a user who was removed, counts at once.
 *
 * @returns null where nobody is signed in
 * @throws AppError `forbidden` where no sign-in is needed, and the request names another host than this machine
 */
export async function findActor(context: Context, headers: Headers): Promise<Actor | null> {
  if (context.access.mode === "open") {
    if (isLocalHost(headers.get("host"))) return { type: "nobody" };
    throw new AppError("forbidden", "This dashboard needs no sign-in, so it answers at localhost alone.");
  }
  if (context.access.mode === "unset") return null;
  const found = await authOf(context).api.getSession({ headers });
  if (!found) return null;
  const { id, email, name, role } = found.user;
  return { type: "user", sessionId: found.session.id, id, email, name, role: role === "admin" ? "admin" : "member" };
}
