import { inArray } from "drizzle-orm";
import type { Database } from "@/db/client";
import { sends } from "@/db/schema";
import { batcherPer } from "@/lib/batcher";
import { hashToken, isTokenShaped } from "@/lib/pipeline/webhook-token";

/** One look-up at a time, for up to this many tokens: a flood of invented tokens must not hold the pool. */
const LIMITS = { atOnce: 1, patienceMs: 1_000, most: 100, mostSize: 100, sizeOf: () => 1 };

/** Returns true if a token is that of a webhook address which we have sent to Sixtyfour. */
export async function isKnownToken(db: Database, token: string | null): Promise<boolean> {
  if (!isTokenShaped(token)) return false;
  return lookUp(db, hashToken(token));
}

const lookUp = batcherPer(async (db: Database, hashes: Buffer[]): Promise<boolean[]> => {
  const known = await db.select({ tokenHash: sends.tokenHash }).from(sends).where(inArray(sends.tokenHash, hashes));
  const found = new Set(known.map(({ tokenHash }) => tokenHash && Buffer.from(tokenHash).toString("hex")));
  return hashes.map((hash) => found.has(hash.toString("hex")));
}, LIMITS);
