import { and, eq, isNotNull, or, type SQL, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import { TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";
import { DISPATCH_ID, MAX_REPEATED_SENDS, takesDispatchId } from "@/lib/tasks/dispatch-id";

/**
 * No page says how long Sixtyfour remembers an idempotency key. Within this time after the first send that may have been
 * accepted, a request is repeated automatically; later a person decides, as for everything without a key.
 */
const KEY_TRUSTED_FOR = sql`interval '1 hour'`;
/** A key that Sixtyfour has ignored once is trusted again after this time. */
const KEY_DISTRUSTED_FOR = sql`interval '30 days'`;

const DISPATCHED_KINDS = TASK_KIND_IDS.filter((kind) => takesDispatchId({ kind, shape: "single" }));

/** The first send that may have been accepted: the one before the first answer that was lost. Null where none was sent. */
const doubtfulSince = sql`(select max(sends.sent_at) from sends where sends.task_id = ${tasks.id}
  and sends.sent_at <= coalesce((select min(task_events.at) from task_events where task_events.task_id = ${tasks.id}
    and task_events.type = 'submit_failed' and task_events.detail ->> 'outcome' = 'unconfirmed'), now()))`;

/** Each send since then bore a key, and there were not too many. */
const hasTrustedKey = sql`(select count(*) < ${MAX_REPEATED_SENDS}::int and count(*) = count(sends.body_sha256)
  from sends where sends.task_id = ${tasks.id} and sends.sent_at >= ${doubtfulSince})`;

/** Sixtyfour has lately named the key among the request fields that it ignored: then it protects from nothing. */
const isKeyIgnored = sql`exists (select from tasks as told
  where told.unrecognized_fields is not null and ${DISPATCH_ID}::text = any(told.unrecognized_fields)
    and told.submitted_at > now() - ${KEY_DISTRUSTED_FOR})`;

const isYoung = sql`coalesce(${doubtfulSince} > now() - ${KEY_TRUSTED_FOR}, true)`;

/**
 * Sending it again can't start a second job: it is a file, or a request with a `dispatch_id`, and its idempotency key is
 * young enough to be trusted.
 */
export const isRepeatable: SQL<boolean> = sql<boolean>`(${isYoung} and (${tasks.shape} = 'file'
  or ${tasks.shape} = 'single' and ${tasks.kind} in ${DISPATCHED_KINDS}
    and ${hasTrustedKey} and not ${isKeyIgnored}))`;

/** Certainly not accepted, or harmless to send again. */
export const isSendable: SQL | undefined = or(
  eq(tasks.status, "queued"),
  and(eq(tasks.status, "unconfirmed"), isRepeatable),
);

/** The app sends it automatically, once its moment has come. */
export const waitsForItsMoment: SQL | undefined = and(isSendable, isNotNull(tasks.nextSendAt));
