import { and, eq, ne } from "drizzle-orm";
import { sessions } from "@/db/schema";
import type { Actor } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";

/** Signs somebody out everywhere but where they are. */
export async function endOtherSessions(
  context: Context,
  actor: Extract<Actor, { type: "user" }>,
): Promise<{ ended: number }> {
  const ended = await context.db
    .delete(sessions)
    .where(and(eq(sessions.userId, actor.id), ne(sessions.id, actor.sessionId)))
    .returning({ id: sessions.id });
  await recordAudit(context, { actor, action: "session.end_others", detail: { sessions: ended.length } });
  return { ended: ended.length };
}
