import { eq, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { sends } from "@/db/schema";
import { hashToken, isTokenShaped } from "@/lib/deliveries/webhook-token";

const lookUps = new WeakMap<Database, ReturnType<typeof prepareLookUp>>();

/** Returns true if a token is that of a webhook address which we have sent to Sixtyfour. One indexed look-up. */
export async function isKnownToken(db: Database, token: string | null): Promise<boolean> {
  if (!isTokenShaped(token)) return false;
  const lookUp = lookUps.get(db) ?? prepareLookUp(db);
  lookUps.set(db, lookUp);
  return (await lookUp.execute({ tokenHash: hashToken(token) })).length > 0;
}

function prepareLookUp(db: Database) {
  return db
    .select({ id: sends.id })
    .from(sends)
    .where(eq(sends.tokenHash, sql.placeholder("tokenHash")))
    .prepare("find_token");
}
