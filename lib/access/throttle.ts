import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { signInAttempts } from "@/db/schema";
import { addressGroup } from "@/lib/client-address";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

export const WINDOW_IN_MINUTES = 15;
/** Few enough against guessing, and enough for who mistypes. */
export const MAX_ATTEMPTS_PER_ACCOUNT = 8;
/** An office may share one address. */
export const MAX_ATTEMPTS_PER_ADDRESS = 40;
/** More counts than this are not kept; those that were tried least are deleted first. */
export const MAX_ATTEMPT_ROWS = 10_000;

interface Attempt {
  /** What is tried: an email, or the token of an invitation. */
  account: string;
  /** The client's. Clients whose address is unknown (null) count as one; without it only the account counts. */
  address?: string | null;
}

/**
 * Counts an attempt before it is judged, so that of many at the same moment no more than the limit are judged.
 *
 * @throws AppError `too_many`, also for the right password
 */
export async function countAttempt({ db }: Context, { account, address }: Attempt): Promise<void> {
  // The address comes first: once it is over its limit it adds no more accounts to the table.
  const limits = [
    ...(address === undefined
      ? []
      : [{ key: keyOf("address", addressGroup(address)), most: MAX_ATTEMPTS_PER_ADDRESS }]),
    { key: keyOf("account", account), most: MAX_ATTEMPTS_PER_ACCOUNT },
  ];
  const isOver = sql`${signInAttempts.windowStartedAt} < now() - make_interval(mins => ${WINDOW_IN_MINUTES})`;
  for (const { key, most } of limits) {
    const [counted] = await db
      .insert(signInAttempts)
      .values({ key, count: 1, windowStartedAt: sql`now()` })
      .onConflictDoUpdate({
        target: signInAttempts.key,
        set: {
          count: sql`case when ${isOver} then 1 else ${signInAttempts.count} + 1 end`,
          windowStartedAt: sql`case when ${isOver} then now() else ${signInAttempts.windowStartedAt} end`,
        },
      })
      .returning({ count: signInAttempts.count, windowStartedAt: signInAttempts.windowStartedAt });
    if (counted && counted.count > most) {
      const endsAt = counted.windowStartedAt.getTime() + WINDOW_IN_MINUTES * 60_000;
      const minutes = Math.max(1, Math.ceil((endsAt - Date.now()) / 60_000));
      throw new AppError(
        "too_many",
        `There were too many attempts. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
      );
    }
  }
}

/** An account whose password was right begins anew; an address does not, or one good account would open it to guessing. */
export async function forgetAttempts({ db }: Context, account: string): Promise<void> {
  await db.delete(signInAttempts).where(eq(signInAttempts.key, keyOf("account", account)));
}

function keyOf(type: "account" | "address", value: string): Buffer {
  return createHash("sha256").update(`${type}:${value.toLowerCase()}`).digest();
}
