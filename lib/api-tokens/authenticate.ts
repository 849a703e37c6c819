import { createHash } from "node:crypto";
import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import { apiTokens } from "@/db/schema";
import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";

/** What is kept, and looked up, of a token. A hash of a secret can be searched for without telling by time. */
export function hashApiToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/**
 * Whose request it is, by its `Authorization` header.
 *
 * @returns the token; null where the header is missing, or holds no token of ours that is still good
 */
export async function authenticate(
  { db }: Context,
  authorization: string | null,
): Promise<Extract<Actor, { type: "token" }> | null> {
  const [, token] = /^Bearer ([\w-]{10,200})$/i.exec(authorization ?? "") ?? [];
  if (!token) return null;
  const isGood = and(eq(apiTokens.tokenHash, hashApiToken(token)), isNull(apiTokens.revokedAt));
  const [found] = await db.select({ id: apiTokens.id, name: apiTokens.name }).from(apiTokens).where(isGood);
  if (!found) return null;
  // To the minute is enough for a person, and spares a write for each request.
  const isStale = or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, sql`now() - interval '1 minute'`));
  await db
    .update(apiTokens)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiTokens.id, found.id), isStale));
  return { type: "token", ...found };
}
