import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { sends } from "@/db/schema";
import { hashToken } from "@/lib/deliveries/webhook-token";

/** True if a webhook address with this token was given to Sixtyfour, so that the request is no stranger's. */
export async function isKnownToken(tx: Transaction, token: string): Promise<boolean> {
  const [send] = await tx
    .select({ id: sends.id })
    .from(sends)
    .where(eq(sends.tokenHash, hashToken(token)));
  return send !== undefined;
}
