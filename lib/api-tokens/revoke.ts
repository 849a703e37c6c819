import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { apiTokens } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/**
 * Ends a token for good; the next request with it is refused. Revoking again changes nothing.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function revokeApiToken({ db }: Context, { tokenId }: { tokenId: string }): Promise<void> {
  const notFound = () => new AppError("not_found", "There is no such token.");
  if (!z.uuid().safeParse(tokenId).success) throw notFound();
  const [known] = await db.select({ id: apiTokens.id }).from(apiTokens).where(eq(apiTokens.id, tokenId));
  if (!known) throw notFound();
  await db
    .update(apiTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiTokens.id, tokenId), isNull(apiTokens.revokedAt)));
  // After a backup is restored, this line alone knows of it.
  log.info("token_revoked", { tokenId });
}
