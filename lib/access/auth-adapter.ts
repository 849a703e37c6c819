import type { BetterAuthOptions } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { eq, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { accounts, sessions, users, verifications } from "@/db/schema";

/**
 * better-auth's adapter for Drizzle over our tables. Of what a request does first, to find the session and its user, it
 * would make two statements one after the other, four round trips; here that is one statement, which is prepared.
 */
export function authAdapter(db: Database) {
  const findSession = prepareFindSession(db);
  const createAdapter = drizzleAdapter(db, {
    provider: "pg",
    schema: { user: users, session: sessions, account: accounts, verification: verifications },
    // What it would do in one reads through our pool as well, which behind a pooler has a single connection.
    transaction: false,
  });
  return (options: BetterAuthOptions) => {
    const adapter = createAdapter(options);
    const findOne = async <T>(asked: Parameters<typeof adapter.findOne>[0]): Promise<T | null> => {
      const [by, ...others] = asked.where;
      const isByToken = by?.field === "token" && typeof by.value === "string" && others.length === 0;
      if (asked.model !== "session" || !asked.join?.user || !isByToken) return adapter.findOne<T>(asked);
      const [found] = await findSession.execute({ token: by.value });
      return found ? ({ ...found.session, user: found.user } as T) : null;
    };
    return { ...adapter, findOne };
  };
}

function prepareFindSession(db: Database) {
  return db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.token, sql.placeholder("token")))
    .prepare("find_session");
}
