import { createHash } from "node:crypto";
import { and, eq, gt, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { apiTokens, users } from "@/db/schema";
import type { Actor } from "@/lib/actor";
import { hasScope, type TokenScope } from "@/lib/api-tokens/scopes";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/** What is kept, and looked up, of a token. A hash of a secret can be searched for without telling by time. */
export function hashApiToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/**
 * Returns the token of a request's `Authorization` header. It counts while it is neither revoked nor expired, and while its
 * owner is a user. Of an owner who is no admin (any more) its scope `admin` does not count.
 *
 * @param needed the scope of what is asked for
 * @returns null where the header is missing, or holds no token of ours that is still good
 * @throws AppError `forbidden` where a good token lacks the scope
 */
export async function authenticate(
  { db }: Context,
  authorization: string | null,
  needed?: TokenScope,
): Promise<Extract<Actor, { type: "token" }> | null> {
  const [, token] = /^Bearer ([\w-]{10,200})$/i.exec(authorization ?? "") ?? [];
  if (!token) return null;
  const isGood = and(
    eq(apiTokens.tokenHash, hashApiToken(token)),
    isNull(apiTokens.revokedAt),
    or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`)),
    or(isNull(apiTokens.createdBy), isNotNull(users.id)),
  );
  const [row] = await db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      scopes: apiTokens.scopes,
      createdBy: apiTokens.createdBy,
      role: users.role,
    })
    .from(apiTokens)
    .leftJoin(users, eq(users.email, apiTokens.createdBy))
    .where(isGood);
  if (!row) return null;
  const found = { id: row.id, name: row.name };
  const ownerIsAdmin = row.createdBy === null || row.role === "admin";
  const scopes = row.scopes.filter((scope) => scope !== "admin" || ownerIsAdmin);
  if (needed !== undefined && !hasScope(scopes, needed)) {
    throw new AppError("forbidden", `This API token lacks the scope "${needed}". Make another one under Settings.`);
  }
  // To the minute is enough for a person, and spares a write for each request.
  const isStale = or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, sql`now() - interval '1 minute'`));
  await db
    .update(apiTokens)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiTokens.id, found.id), isStale));
  return { type: "token", ...found };
}
