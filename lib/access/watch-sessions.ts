import { and, gt, inArray, sql } from "drizzle-orm";
import { sessions } from "@/db/schema";
import type { Context } from "@/lib/context";

/** One query for all sessions that are watched in this process, by their primary key. */
const LOOK_EVERY_MS = 250;

export interface SessionWatch {
  /**
   * Calls `onEnd` once the session has ended: by a removal, a sign-out, a new password, or because its time is over.
   *
   * @returns stops watching
   */
  watch(sessionId: string, onEnd: () => void): () => void;
}

/** Watches the sessions of answers that last, such as event streams; it asks nothing while there are none. */
export function createSessionWatch({ db }: Pick<Context, "db">): SessionWatch {
  const watched = new Set<{ sessionId: string; onEnd: () => void }>();
  let isLooking = false;

  const lookSoon = () => {
    isLooking = watched.size > 0;
    if (isLooking) setTimeout(look, LOOK_EVERY_MS).unref();
  };

  const look = async () => {
    const asked = [...watched];
    const ids = [...new Set(asked.map(({ sessionId }) => sessionId))];
    try {
      const rows = await db
        .select({ id: sessions.id })
        .from(sessions)
        .where(and(inArray(sessions.id, ids), gt(sessions.expiresAt, sql`now()`)));
      const open = new Set(rows.map(({ id }) => id));
      for (const one of asked) if (!open.has(one.sessionId) && watched.delete(one)) one.onEnd();
    } catch {
      // The database is out of reach: the next look decides.
    }
    lookSoon();
  };

  return {
    watch(sessionId, onEnd) {
      const one = { sessionId, onEnd };
      watched.add(one);
      if (!isLooking) lookSoon();
      return () => {
        watched.delete(one);
      };
    },
  };
}
