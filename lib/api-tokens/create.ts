import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { apiTokens } from "@/db/schema";
import { requireExistingUser } from "@/lib/access/require-existing-user";
import type { Actor } from "@/lib/actor";
import { hashApiToken } from "@/lib/api-tokens/authenticate";
import { DEFAULT_TOKEN_SCOPES, TOKEN_SCOPES } from "@/lib/api-tokens/scopes";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { storableText } from "@/lib/storable-json";

/** Tells people, and scanners for leaked secrets, what it is. */
const TOKEN_PREFIX = "s64d_";
const SHOWN_CHARACTERS = TOKEN_PREFIX.length + 6;

interface NewToken {
  name: string;
  /** {@link DEFAULT_TOKEN_SCOPES} if not given. */
  scopes?: readonly string[];
  /** Null or not given: it does not expire. */
  expiresInDays?: number | null;
  /** Owner of the token. */
  actor?: Actor;
}

const newScopes = z.array(z.enum(TOKEN_SCOPES)).min(1);
const MAX_DAYS = 3_650;

/**
 * Makes a token of 256 random bits for the API. It is returned this once; what is kept is its hash. It does nothing any
 * more once its owner is removed.
 *
 * @throws AppError `invalid_input` where it has no name, one of more than 100 characters, or no scope; `unauthorized` if
 * the owner was removed meanwhile
 */
export async function createApiToken({ db }: Context, given: NewToken): Promise<{ id: string; token: string }> {
  const name = storableText(given.name.trim());
  if (!name) throw new AppError("invalid_input", "Give the token a name, so that you know later what it is for.");
  if (name.length > 100) throw new AppError("invalid_input", "Use at most 100 characters.");
  const scopes = newScopes.safeParse(given.scopes ?? DEFAULT_TOKEN_SCOPES);
  if (!scopes.success) throw new AppError("invalid_input", "Choose at least one thing that the token may do.");
  const days = given.expiresInDays ?? null;
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= MAX_DAYS)) {
    throw new AppError("invalid_input", `A token can last 1 to ${MAX_DAYS} days.`);
  }
  const { actor } = given;
  const token = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
  return db.transaction(async (transaction) => {
    if (actor) await requireExistingUser(transaction, actor);
    const [made] = await transaction
      .insert(apiTokens)
      .values({
        name,
        tokenHash: hashApiToken(token),
        prefix: token.slice(0, SHOWN_CHARACTERS),
        scopes: [...new Set(scopes.data)],
        createdBy: actor?.type === "user" ? actor.email : null,
        expiresAt: days === null ? null : sql`now() + make_interval(days => ${days}::int)`,
      })
      .returning({ id: apiTokens.id });
    if (!made) throw new Error("Postgres returned no row for an inserted token.");
    return { id: made.id, token };
  });
}
