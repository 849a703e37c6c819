/**
 * All tables. A *submission* is what one press of the form made; it has *tasks*, each one async job at Sixtyfour; a task
 * carries one or more *leads*. A *delivery* is one webhook POST that we accepted, and *task events* are the history.
 *
 * Ids are UUIDv7: they sort by time of creation, so lists page by id alone. What people wrote and what Sixtyfour answered
 * is `json`, which keeps the order of keys; `jsonb` would not.
 */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  customType,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { v7 as uuidv7 } from "uuid";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

const DELIVERY_FLAGS = [
  "event_id_reused",
  "other_task_type",
  "other_task_id",
  "unknown_status",
  "no_result",
  "too_deep",
] as const;

const id = () =>
  uuid()
    .primaryKey()
    .$defaultFn(() => uuidv7());
const at = () => timestamp({ withTimezone: true, mode: "date" });
const createdAt = () => at().notNull().defaultNow();

export const submissions = pgTable("submissions", {
  id: id(),
  kind: text().notNull(),
  /** Names one press of the form with one content: a second press of the same finds the first. */
  requestKey: text().notNull().unique("submissions_request_key"),
  createdAt: createdAt(),
});

export const tasks = pgTable(
  "tasks",
  {
    id: id(),
    submissionId: uuid()
      .notNull()
      .references(() => submissions.id),
    kind: text().notNull(),
    /**
     * queued: not sent, or certainly without effect · submitting: the request is on its way · unconfirmed: Sixtyfour may
     * have accepted it · running: accepted · completed, failed, cancelled: ends, and ends are final.
     */
    status: text({
      enum: ["queued", "submitting", "unconfirmed", "running", "completed", "failed", "cancelled"],
    }).notNull(),
    /** Sixtyfour's `task_id`, opaque. */
    sixtyfourTaskId: text().unique("tasks_sixtyfour_task_id"),
    /** Sixtyfour's own word for where the job stands, as last heard. */
    sixtyfourStatus: text(),
    /** The body that is sent, without `webhook_url`. */
    request: json().$type<Record<string, unknown>>().notNull(),
    webhookRequested: boolean().notNull().default(false),
    result: json().$type<unknown>(),
    errorCode: text(),
    errorMessage: text(),
    chargedCents: doublePrecision(),
    createdAt: createdAt(),
    submittedAt: at(),
    endedAt: at(),
    deliveredAt: at(),
    deliveredVia: text({ enum: ["webhook", "poll"] }),
    deliveredAttempt: integer(),
    lastPolledAt: at(),
    /** When the app itself asks job-status next; null where it does not. */
    nextPollAt: at(),
    /** When the app itself sends a queued task again; null where a person has to. */
    nextSendAt: at(),
    /** The lead's data is gone for good: this row is what remains, and nothing may be written to it again. */
    erasedAt: at(),
    updatedAt: at()
      .notNull()
      .defaultNow()
      .$onUpdate(() => new Date()),
  },
  (table) => [
    index("tasks_due_poll").on(table.nextPollAt).where(sql`${table.status} = 'running'`),
    index("tasks_last_polled").on(table.lastPolledAt),
    index("tasks_due_send").on(table.nextSendAt).where(sql`${table.status} = 'queued'`),
    index("tasks_submitting").on(table.submittedAt).where(sql`${table.status} = 'submitting'`),
    index("tasks_submission").on(table.submissionId),
    check(
      "tasks_ended_at_marks_an_end",
      sql`(${table.status} in ('completed', 'failed', 'cancelled')) = (${table.endedAt} is not null)`,
    ),
    check(
      "tasks_delivered_is_whole",
      sql`(${table.deliveredAt} is null) = (${table.deliveredVia} is null) and (${table.deliveredAt} is null or ${table.endedAt} is not null)`,
    ),
  ],
);

export const leads = pgTable(
  "leads",
  {
    id: id(),
    taskId: uuid()
      .notNull()
      .references(() => tasks.id),
    /** Place in the request, from 0: bulk results come back in this order. */
    position: integer().notNull(),
    fields: json().$type<Record<string, string>>().notNull(),
  },
  (table) => [unique("leads_place_in_task").on(table.taskId, table.position)],
);

/** One request that went to Sixtyfour for a task, or may have. A task that is submitted again has several. */
export const sends = pgTable(
  "sends",
  {
    id: id(),
    taskId: uuid()
      .notNull()
      .references(() => tasks.id),
    sentAt: createdAt(),
    /** SHA-256 of the token in the webhook_url that was sent; null where none was. */
    tokenHash: bytea().unique("sends_token_hash"),
    /** The job that it started, as far as we know: from the answer, or from the first delivery that bears the token. */
    sixtyfourTaskId: text().unique("sends_sixtyfour_task_id"),
  },
  (table) => [index("sends_of_task").on(table.taskId)],
);

export const deliveries = pgTable(
  "deliveries",
  {
    id: id(),
    receivedAt: createdAt(),
    /** The task it belongs to; null while no task has its `task_id`. */
    taskId: uuid().references(() => tasks.id),
    sixtyfourTaskId: text(),
    eventId: text(),
    eventType: text(),
    attempt: integer(),
    status: text(),
    taskType: text(),
    /** unsigned: no secret is configured, so nothing was checked. */
    signature: text({ enum: ["valid", "unsigned", "missing", "malformed", "mismatch", "expired"] }).notNull(),
    /** How many v1 it bore, and how old its timestamp was, where that was looked at. */
    signatureCount: integer(),
    signatureAgeSeconds: integer(),
    /** Whether the address that was called bore a token of ours. */
    token: text({ enum: ["right", "wrong", "none"] })
      .notNull()
      .default("none"),
    /**
     * applied: it ended the task · duplicate: the task had ended the same way · conflict: it says other than what is
     * known, and changed nothing · noted: it names no end · unmatched: no task has this task_id · workflow: not about a
     * task · refused: not from Sixtyfour, as far as we can tell · malformed: not to be read · erased: its lead was
     * erased, so nothing of it was kept.
     */
    outcome: text({
      enum: ["applied", "duplicate", "conflict", "noted", "unmatched", "workflow", "refused", "malformed", "erased"],
    }).notNull(),
    /** What is odd about it, for a person to look at. */
    flags: text({ enum: DELIVERY_FLAGS }).array().notNull().default(sql`'{}'`),
    /** The HTTP status that it was answered with, and how long that took until it was stored. */
    answer: integer().notNull().default(200),
    handledMs: integer(),
    headers: jsonb().$type<Record<string, string>>().notNull(),
    /**
     * The raw body, byte for byte: what was signed, and what a replay needs. Of a refused one, the beginning; nothing
     * once its time is over.
     */
    body: bytea().notNull(),
    bodyBytes: integer(),
    bodySha256: bytea(),
  },
  (table) => [
    index("deliveries_received").on(table.receivedAt).where(sql`${table.body} <> ''`),
    index("deliveries_sixtyfour_task").on(table.sixtyfourTaskId),
    index("deliveries_task").on(table.taskId),
    index("deliveries_event").on(table.eventId),
    // For the log's filter; of those that are applied there are so many that the latest are found by id.
    index("deliveries_outcome").on(table.outcome, table.id).where(sql`${table.outcome} <> 'applied'`),
  ],
);

export const taskEvents = pgTable(
  "task_events",
  {
    id: id(),
    taskId: uuid()
      .notNull()
      .references(() => tasks.id),
    at: createdAt(),
    type: text({
      enum: ["created", "submitted", "submit_failed", "recovered", "delivery", "polled", "ended", "erased"],
    }).notNull(),
    deliveryId: uuid().references(() => deliveries.id),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [index("task_events_of_task").on(table.taskId, table.id)],
);
