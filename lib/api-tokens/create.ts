import { randomBytes } from "node:crypto";
import { apiTokens } from "@/db/schema";
import { hashApiToken } from "@/lib/api-tokens/authenticate";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { storableText } from "@/lib/storable-json";

/** Tells people, and scanners for leaked secrets, what it is. */
const TOKEN_PREFIX = "s64d_";
const SHOWN_CHARACTERS = TOKEN_PREFIX.length + 6;

/**
 * Makes a token of 256 random bits for the API. It is returned this once; what is kept is its hash.
 *
 * @throws AppError `invalid_input` where it has no name, or one of more than 100 characters
 */
export async function createApiToken({ db }: Context, given: { name: string }): Promise<{ id: string; token: string }> {
  const name = storableText(given.name.trim());
  if (!name) throw new AppError("invalid_input", "Give the token a name, so that you know later what it is for.");
  if (name.length > 100) throw new AppError("invalid_input", "Use at most 100 characters.");
  const token = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
  const [made] = await db
    .insert(apiTokens)
    .values({ name, tokenHash: hashApiToken(token), prefix: token.slice(0, SHOWN_CHARACTERS) })
    .returning({ id: apiTokens.id });
  if (!made) throw new Error("Postgres returned no row for an inserted token.");
  return { id: made.id, token };
}
