import { and, eq, isNotNull, lte, notExists, or, type SQL, sql } from "drizzle-orm";
import { QueryBuilder } from "drizzle-orm/pg-core";
import { sends, tasks } from "@/db/schema";

/**
 * Nobody says how long Sixtyfour remembers an idempotency key. Within this time after its first send a file that may have
 * been accepted is sent again by itself; later a person decides, as with everything that has no key.
 */
const KEY_TRUSTED_FOR = sql`interval '1 hour'`;

/** Sending it again can't start a second job: it is a file, and its idempotency key is young enough to be trusted. */
export const isRepeatable: SQL<boolean> = sql<boolean>`(${and(
  eq(tasks.shape, sql`'file'`),
  notExists(
    new QueryBuilder()
      .select({ one: sql`1` })
      .from(sends)
      .where(and(eq(sends.taskId, tasks.id), lte(sends.sentAt, sql`now() - ${KEY_TRUSTED_FOR}`))),
  ),
)})`;

/** Certainly not accepted, or harmless to send again. */
export const isSendable: SQL | undefined = or(
  eq(tasks.status, "queued"),
  and(eq(tasks.status, "unconfirmed"), isRepeatable),
);

/** The app sends it by itself, once its moment has come. */
export const waitsForItsMoment: SQL | undefined = and(isSendable, isNotNull(tasks.nextSendAt));
