/**
 * All tables. A *submission* is what one press of a form made, or one list; it has *leads*, and *tasks*, each one async job
 * at Sixtyfour that carries one or more of them. A *delivery* is one webhook POST that we accepted, and *task events* are
 * the history.
 *
 * Ids are UUIDv7: they sort by time of creation, so lists page by id alone. What people wrote and what Sixtyfour answered
 * is `json`, which keeps the order of keys; `jsonb` would not.
 */

import { type SQL, sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { newId } from "@/db/new-id";

/** The values of one lead by which it is found elsewhere; lib/tasks/person-traces.ts makes and reads them. */
export interface Person {
  /** Full names; a single word is none. */
  names: string[];
  /** What nobody else has: `email:…`, `phone:…` or `profile:…`. */
  keys: string[];
  /** Further values, each of which tells this person from others of the same name. */
  others: string[];
  company: string | null;
  /** Texts to look up by: addresses and numbers, also as they were given. */
  lookups: string[];
}

/** What may name an erased lead and was left as it is, and where it does. No words of the lead. */
export interface StillNamed {
  type: "submission" | "task" | "view" | "template";
  id: string;
  place: "name" | "options" | "message" | "columns" | "leads" | "filter" | "fields";
}

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

const TASK_SHAPES = ["single", "bulk", "file"] as const;

/**
 * count, names: its rows don't fit the leads · unreadable: it is no table of results · no_file: none is to be had ·
 * too_large: larger than this app takes.
 */
const FETCH_PROBLEMS = ["count", "names", "unreadable", "no_file", "too_large"] as const;

const DELIVERY_FLAGS = [
  "event_id_reused",
  "other_task_type",
  "other_task_id",
  "unknown_status",
  "no_result",
  "too_deep",
] as const;

const id = () => uuid().primaryKey().$defaultFn(newId);
const at = () => timestamp({ withTimezone: true, mode: "date" });
const createdAt = () => at().notNull().defaultNow();

/**
 * Cuts JSON into words to be found by. What is longer than a result ever should be is found by its beginning: a column
 * of words has a limit, and what runs into it could not be stored.
 */
const searchWords = (text: SQL) =>
  sql`to_tsvector('simple', translate(replace(replace(left(${text}, 100000), '\\n', ' '), 'www.', ' '), '@/+', '   '))`;

/** Sixtyfour's own words as far as they go into an address, see lib/tasks/task-filter.ts, or our code. */
const reasonOf = (table: { errorMessage: AnyPgColumn; errorCode: AnyPgColumn }) =>
  sql<string>`coalesce(left(${table.errorMessage}, 200), ${table.errorCode})`;

export const submissions = pgTable(
  "submissions",
  {
    id: id(),
    kind: text().notNull(),
    source: text({ enum: ["form", "list", "api"] })
      .notNull()
      .default("form"),
    /** What it is called: a list's file name, say. Empty for one lead from the form. */
    name: text().notNull().default(""),
    /** What was chosen besides the leads; the same for each of its tasks. */
    options: json().$type<Record<string, unknown>>().notNull().default({}),
    /** How its leads go out: each in a task of its own, up to a hundred in one, or all in one file. */
    shape: text({ enum: TASK_SHAPES }).notNull().default("single"),
    /** The headers of the list that it came from, in their order; null where it came from none. */
    columns: json().$type<string[]>(),
    leadCount: integer().notNull().default(0),
    /** Names one press of the form with one content, hashed: a second press of the same finds the first. */
    requestKey: text().notNull().unique("submissions_request_key"),
    /** SHA-256 of what was asked for, where the key alone does not say it: the same key may not name something else. */
    contentSha256: bytea(),
    createdAt: createdAt(),
    /** Until then it is a draft: its leads are here, and nothing is sent or charged. */
    confirmedAt: at(),
    /** When each of its leads had a task, or was left out. */
    preparedAt: at(),
    /** While this is set nothing more of it is sent. */
    pausedAt: at(),
    /** Who paused it: a person, or what Sixtyfour answered. */
    pauseReason: text({ enum: ["person", "unauthorized", "no_credits", "not_enabled", "misconfigured"] }),
    /** What Sixtyfour said to it, word for word. */
    pauseMessage: text(),
    /** What was not sent by then never will be. */
    cancelledAt: at(),
  },
  (table) => [
    index("submissions_to_prepare")
      .on(table.confirmedAt)
      .where(sql`${table.confirmedAt} is not null and ${table.preparedAt} is null and ${table.cancelledAt} is null`),
    index("submissions_paused").on(table.pausedAt).where(sql`${table.pausedAt} is not null`),
    index("submissions_drafts").on(table.createdAt).where(sql`${table.confirmedAt} is null`),
    check("submissions_pause_has_a_reason", sql`(${table.pausedAt} is null) = (${table.pauseReason} is null)`),
  ],
);

export const tasks = pgTable(
  "tasks",
  {
    id: id(),
    submissionId: uuid()
      .notNull()
      .references(() => submissions.id),
    kind: text().notNull(),
    shape: text({ enum: TASK_SHAPES }).notNull().default("single"),
    leadCount: integer().notNull().default(1),
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
    /** Number of its leads for which something was found; null where its end does not say, or not yet. */
    foundCount: integer(),
    /** Version of the rule that found, verdict and score were read by; null and older ones are recounted in the background. */
    foundRule: smallint(),
    /** Verdict of a qualified lead, and its score from 0 to 10, as far as the result states them. */
    verdict: text({ enum: ["yes", "no"] }),
    score: doublePrecision(),
    /** Request fields that Sixtyfour ignored; null where it understood all of them. */
    unrecognizedFields: text().array(),
    /** Investigation of an Atlas run, with the address of its workspace at Sixtyfour. */
    investigation: json().$type<{ id: string; workspaceUrl: string | null }>(),
    /** How many of its leads a running job is done with, as last heard. */
    progress: json().$type<{ completed: number; total: number }>(),
    createdAt: createdAt(),
    submittedAt: at(),
    endedAt: at(),
    deliveredAt: at(),
    /** What brought the end: its webhook, a person's poll, or one that the app made by itself. */
    deliveredVia: text({ enum: ["webhook", "poll", "reconcile"] }),
    deliveredAttempt: integer(),
    lastPolledAt: at(),
    /** When the app itself asks job-status next; null where it does not. */
    nextPollAt: at(),
    /**
     * When the app itself sends it next: a queued one, or an unconfirmed one whose idempotency key makes that safe; null
     * where a person has to.
     */
    nextSendAt: at(),
    /** When the app itself fetches the file with its leads' results next; null where there is none to fetch. */
    nextFetchAt: at(),
    /** When that file was stored, each row with its lead. Until then no lead has a result of it. */
    rowsStoredAt: at(),
    /** Why it was not, where trying again by itself would not help. */
    fetchProblem: text({ enum: FETCH_PROBLEMS }),
    /** The task that was made of its leads when they were submitted again. */
    retriedAsId: uuid().references((): AnyPgColumn => tasks.id),
    /** The lead's data is gone for good: this row is what remains, and nothing may be written to it again. */
    erasedAt: at(),
    updatedAt: at()
      .notNull()
      .defaultNow()
      .$onUpdate(() => new Date()),
  },
  (table) => [
    index("tasks_due_poll").on(table.nextPollAt).where(sql`${table.status} = 'running'`),
    index("tasks_last_polled").on(table.lastPolledAt).where(sql`${table.lastPolledAt} is not null`),
    index("tasks_due_send").on(table.nextSendAt).where(sql`${table.nextSendAt} is not null`),
    index("tasks_due_fetch").on(table.nextFetchAt).where(sql`${table.nextFetchAt} is not null`),
    index("tasks_submitting").on(table.submittedAt).where(sql`${table.status} = 'submitting'`),
    // Those under way are few, and are counted again and again: this reads them without their rows.
    index("tasks_open")
      .on(table.status, table.kind, table.createdAt)
      .where(sql`${table.status} in ('queued', 'submitting', 'unconfirmed', 'running')`),
    index("tasks_submission").on(table.submissionId, table.id, table.status),
    index("tasks_delivered").on(table.deliveredAt.desc().nullsLast(), table.id.desc()),
    index("tasks_costliest").on(table.chargedCents.desc().nullsLast(), table.id.desc()),
    // For the filters of the list: what most tasks have is found by walking, what few have is not.
    index("tasks_kind").on(table.kind, table.id),
    index("tasks_not_completed").on(table.status, table.id).where(sql`${table.status} in ('failed', 'cancelled')`),
    index("tasks_not_completed_kind")
      .on(table.kind, table.status, table.id)
      .where(sql`${table.status} in ('failed', 'cancelled')`),
    index("tasks_polled").on(table.deliveredVia, table.id).where(sql`${table.deliveredVia} in ('poll', 'reconcile')`),
    // By what a problem's filter asks for; most tasks have none, and cost nothing here.
    index("tasks_error_code").on(table.errorCode, table.id).where(sql`${table.errorCode} is not null`),
    index("tasks_reason").on(reasonOf(table), table.id).where(sql`${table.errorCode} is not null`),
    index("tasks_fetch_problem").on(table.id).where(sql`${table.fetchProblem} is not null`),
    index("tasks_to_recount")
      .on(table.id)
      .where(sql`${table.status} = 'completed' and coalesce(${table.foundRule}, 0) < 1`),
    index("tasks_verdict").on(table.verdict, table.id).where(sql`${table.verdict} is not null`),
    index("tasks_score").on(table.score, table.id).where(sql`${table.score} is not null`),
    index("tasks_unrecognized_fields").on(table.id).where(sql`${table.unrecognizedFields} is not null`),
    index("tasks_search").using("gin", searchWords(sql`${table.result}::text`)),
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

/** Why a task is not what it should be. Its index has the same expression. */
export const taskReason = reasonOf(tasks);

/** What a task is found by besides its leads. Its index has the same expression. */
export const taskSearch = searchWords(sql`${tasks.result}::text`);

const wordsOfLead = (table: { fields: AnyPgColumn; result: AnyPgColumn }) =>
  searchWords(sql`${table.fields}::text || ' ' || coalesce(${table.result}::text, '')`);

export const leads = pgTable(
  "leads",
  {
    id: id(),
    submissionId: uuid()
      .notNull()
      .references(() => submissions.id),
    /** Place in the submission, from 0. */
    row: integer().notNull(),
    /** Null while the submission is a draft, and where an earlier result is reused. */
    taskId: uuid().references(() => tasks.id),
    /** Place in the task's request, from 0: bulk results come back in this order. */
    position: integer(),
    fields: json().$type<Record<string, string>>().notNull(),
    /** The row of the list that it came from, by the submission's columns. */
    cells: json().$type<string[]>(),
    /** SHA-256 of kind, options and fields: the same question has the same one. */
    fingerprint: bytea(),
    /** An earlier lead with the same fingerprint, whose result is this one's too. */
    reusedLeadId: uuid().references((): AnyPgColumn => leads.id),
    /** The lead that it was submitted again for, with changes. */
    basedOnLeadId: uuid().references((): AnyPgColumn => leads.id, { onDelete: "set null" }),
    /** Its own result, where a task's result is a file with a row for each lead. */
    result: json().$type<unknown>(),
    /** The name in that row, where it is not this lead's; null where it fits or is missing. */
    resultName: text(),
  },
  (table) => [
    unique("leads_place_in_task").on(table.taskId, table.position),
    unique("leads_place_in_submission").on(table.submissionId, table.row),
    index("leads_fingerprint").on(table.fingerprint),
    index("leads_based_on").on(table.basedOnLeadId).where(sql`${table.basedOnLeadId} is not null`),
    index("leads_search").using("gin", wordsOfLead(table)),
    index("leads_reused").on(table.reusedLeadId).where(sql`${table.reusedLeadId} is not null`),
  ],
);

/** What a lead is found by. Its index has the same expression. */
export const leadSearch = wordsOfLead(leads);

/** One request that went to Sixtyfour for a task, or may have. A task that is submitted again has several. */
export const sends = pgTable(
  "sends",
  {
    id: id(),
    taskId: uuid()
      .notNull()
      .references(() => tasks.id),
    sentAt: createdAt(),
    /** SHA-256 of the token in the webhook_url that was sent; null where none was, or an earlier send of the task has the same. */
    tokenHash: bytea().unique("sends_token_hash"),
    /** SHA-256 of the body without its `dispatch_id`; null for requests without one. */
    bodySha256: bytea(),
    /** The job that it started, as far as we know: from the answer, or from the first delivery that bears the token. */
    sixtyfourTaskId: text().unique("sends_sixtyfour_task_id"),
    /** The span that it was sent in (W3C traceparent): its delivery joins that trace. Null where nothing was traced. */
    traceparent: text(),
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
    /** When somebody took it off the list of what needs a person. */
    seenAt: at(),
    /**
     * The row of {@link rejectedDeliveries} that counts this request. Such a row is a sample: it is counted there and
     * nowhere else, and the oldest samples are deleted once there are too many. Null for a delivery that is no sample.
     */
    sampleOf: uuid(),
  },
  (table) => [
    index("deliveries_received_at").on(table.receivedAt),
    index("deliveries_samples").on(table.id).where(sql`${table.sampleOf} is not null`),
    index("deliveries_sixtyfour_task").on(table.sixtyfourTaskId),
    index("deliveries_task").on(table.taskId),
    index("deliveries_event").on(table.eventId),
    // For the log's filter; of those that are applied there are so many that the latest are found by id.
    index("deliveries_outcome").on(table.outcome, table.id).where(sql`${table.outcome} <> 'applied'`),
  ],
);

/**
 * Counts of webhook requests that neither a valid signature nor a token of ours vouches for, or that could not be read: one
 * row per minute, reason and client address. Anybody can send such requests, so only a few of them are kept whole, as
 * samples in {@link deliveries}.
 */
export const rejectedDeliveries = pgTable(
  "rejected_deliveries",
  {
    id: id(),
    /** The start of the minute. */
    minute: at().notNull(),
    outcome: text({ enum: ["refused", "malformed", "unmatched", "workflow"] }).notNull(),
    signature: text({ enum: ["valid", "unsigned", "missing", "malformed", "mismatch", "expired"] }).notNull(),
    token: text({ enum: ["right", "wrong", "none"] }).notNull(),
    answer: integer().notNull(),
    /** The client's address; IPv6 by its /64. Empty for all addresses past the first few of a minute together. */
    address: text().notNull(),
    count: integer().notNull(),
    /** Number of these requests that were kept whole. */
    samples: integer().notNull(),
    firstAt: at().notNull(),
    lastAt: at().notNull(),
    /** The newest sample; null if there is none. */
    lastSampleId: uuid(),
  },
  (table) => [
    unique("rejected_deliveries_of_minute").on(
      table.minute,
      table.outcome,
      table.signature,
      table.token,
      table.answer,
      table.address,
    ),
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
      enum: ["created", "submitted", "submit_failed", "recovered", "delivery", "polled", "ended", "fetched", "erased"],
    }).notNull(),
    /** The delivery that the entry is about. It has no foreign key, because the entry outlives the delivery. */
    deliveryId: uuid(),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [index("task_events_of_task").on(table.taskId, table.id)],
);

/**
 * An erasure whose leads are still looked for in what belongs to no task of theirs. Its own tasks are erased already. Once
 * the search is over, what it found is told in the history of these tasks, and the row is deleted.
 */
export const erasures = pgTable("erasures", {
  id: id(),
  createdAt: createdAt(),
  taskIds: uuid().array().notNull(),
  /** By what the leads are found: all that is left of them, and gone with this row. */
  people: jsonb().$type<Person[]>().notNull(),
  step: text({ enum: ["deliveries", "submissions", "views", "leads"] })
    .notNull()
    .default("deliveries"),
  /** How far the step is, in its own terms; null at its beginning. */
  after: text(),
  found: jsonb().$type<StillNamed[]>().notNull().default([]),
  /** Until then a process is at it. */
  leasedUntil: at().notNull().defaultNow(),
});

/**
 * An hour or a day of UTC whose ends are counted for good: ends are final, so what was counted once stands in for its
 * rows. It holds what its ids say was created in it, and of tasks only those that have ended. A row of
 * {@link unsettledHours} takes it back.
 */
export const settledPeriods = pgTable(
  "settled_periods",
  {
    /** 1 or 24. */
    hours: smallint().notNull(),
    startsAt: at().notNull(),
    /** What is read for the overview alone. No words of a lead or about one, which would outlive their erasure. */
    details: jsonb()
      .$type<{
        /** Per kind: how many deliveries took how long, by lib/periods/duration-histogram.ts. */
        durations: Record<string, Record<string, number>>;
        /** One task that failed for a reason, whose words stay with it, and how many did. */
        failures: { taskId: string; tasks: number }[];
        /** By outcome. */
        oddDeliveries: Record<string, number>;
      }>()
      .notNull(),
  },
  (table) => [primaryKey({ name: "settled_periods_pkey", columns: [table.hours, table.startsAt] })],
);

/** Figures of the ended tasks of a settled period that have kind, status and courier in common. */
export const settledTasks = pgTable(
  "settled_tasks",
  {
    hours: smallint().notNull(),
    startsAt: at().notNull(),
    kind: text().notNull(),
    status: text({ enum: ["completed", "failed", "cancelled"] }).notNull(),
    deliveredVia: text({ enum: ["webhook", "poll", "reconcile"] }),
    tasks: integer().notNull(),
    leads: integer().notNull(),
    /** Leads for which something was found, or nothing; and tasks with one of them at least. */
    found: integer().notNull(),
    notFound: integer().notNull(),
    tasksFound: integer().notNull(),
    tasksNotFound: integer().notNull(),
    chargedCents: doublePrecision().notNull(),
    pricedTasks: integer().notNull(),
  },
  (table) => [
    index("settled_tasks_of_period").on(table.hours, table.startsAt),
    foreignKey({
      name: "settled_tasks_period",
      columns: [table.hours, table.startsAt],
      foreignColumns: [settledPeriods.hours, settledPeriods.startsAt],
    }).onDelete("cascade"),
  ],
);

/**
 * Hours of which something has changed since they were settled, or may have; triggers write them. Only ever added to by
 * what changes a task, so such changes never wait for each other, and taken away by whoever settles anew.
 */
export const unsettledHours = pgTable("unsettled_hours", { startsAt: at().notNull() }, (table) => [
  index("unsettled_hours_starts_at").on(table.startsAt),
]);

/**
 * The pace of all instances together: one row, whose moment is the earliest at which the next request may go to
 * Sixtyfour.
 */
export const requestPace = pgTable(
  "request_pace",
  { id: integer().primaryKey().default(1), nextSlotAt: at().notNull().defaultNow() },
  (table) => [check("request_pace_is_one_row", sql`${table.id} = 1`)],
);

/**
 * What somebody has to be told, one row a kind. It is on while `resolved_at` is null, and a message about that is owed
 * until `notified_at`; one about its end where `notified_at` lies before `resolved_at`.
 */
export const alarms = pgTable("alarms", {
  kind: text({
    enum: ["deliveries_refused", "results_undelivered", "queue_paused", "submits_unconfirmed", "nothing_sent"],
  }).primaryKey(),
  raisedAt: at().notNull().defaultNow(),
  /** When its cause was last found: it ends once it was not for a while. */
  seenAt: at().notNull().defaultNow(),
  resolvedAt: at(),
  /** When everybody who is to be told had its last message. */
  notifiedAt: at(),
  /** Who has had the message that is owed; the others get it next time. */
  notified: text({ enum: ["webhook", "slack"] })
    .array()
    .notNull()
    .default(sql`'{}'`),
  /** Until then an instance is sending it, and no other one does. */
  leasedUntil: at(),
  /** The counts that raised it. */
  detail: jsonb().$type<Record<string, number>>().notNull().default({}),
});

/** Fields to return (`struct`), saved under a name. */
export const outputTemplates = pgTable("output_templates", {
  id: id(),
  name: text().notNull().unique("output_templates_name"),
  fields: json().$type<{ name: string; description: string; type: string }[]>().notNull(),
  createdAt: createdAt(),
});

/** A filter of the task list, saved under a name: the query of its address. */
export const savedViews = pgTable("saved_views", {
  id: id(),
  name: text().notNull().unique("saved_views_name"),
  query: text().notNull(),
  createdAt: createdAt(),
});

/** Who may use the API from outside. The token itself is shown once and never kept. */
export const apiTokens = pgTable("api_tokens", {
  id: id(),
  name: text().notNull(),
  tokenHash: bytea().notNull().unique("api_tokens_token_hash"),
  /** Its first characters, by which a person tells one from another. */
  prefix: text().notNull(),
  /** What it may do, see lib/api-tokens/scopes.ts. */
  scopes: text({ enum: ["read", "submit", "admin"] })
    .array()
    .notNull()
    .default(sql`'{read,submit}'`),
  /** Email of the user who made it, and without whom it does nothing; null where nobody had to sign in. */
  createdBy: text(),
  createdAt: createdAt(),
  /** Null: it does not expire. */
  expiresAt: at(),
  lastUsedAt: at(),
  revokedAt: at(),
});

/**
 * Who may use the dashboard. This table and the next three are better-auth's, which reads and writes them through the
 * names of their columns here.
 */
export const users = pgTable("users", {
  id: id(),
  /** Lower case. */
  email: text().notNull().unique("users_email"),
  emailVerified: boolean().notNull().default(false),
  name: text().notNull(),
  image: text(),
  role: text({ enum: ["admin", "member"] })
    .notNull()
    .default("member"),
  createdAt: createdAt(),
  updatedAt: at().notNull().defaultNow(),
});

const userId = () =>
  uuid()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** One sign-in on one device. */
export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    userId: userId(),
    /** Worth nothing by itself: the cookie has it signed with AUTH_SECRET. */
    token: text().notNull().unique("sessions_token"),
    expiresAt: at().notNull(),
    ipAddress: text(),
    userAgent: text(),
    createdAt: createdAt(),
    updatedAt: at().notNull().defaultNow(),
  },
  (table) => [index("sessions_of_user").on(table.userId)],
);

/** A way to sign in: a password (`credential`), or an account at a provider. */
export const accounts = pgTable(
  "accounts",
  {
    id: id(),
    userId: userId(),
    providerId: text().notNull(),
    accountId: text().notNull(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: at(),
    refreshTokenExpiresAt: at(),
    scope: text(),
    /** Its hash by scrypt. */
    password: text(),
    createdAt: createdAt(),
    updatedAt: at().notNull().defaultNow(),
  },
  (table) => [
    unique("accounts_at_provider").on(table.providerId, table.accountId),
    index("accounts_of_user").on(table.userId),
  ],
);

/** What sign-in by a provider remembers while the person is away at it. */
export const verifications = pgTable(
  "verifications",
  {
    id: id(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: at().notNull(),
    createdAt: createdAt(),
    updatedAt: at().notNull().defaultNow(),
  },
  (table) => [index("verifications_identifier").on(table.identifier)],
);

/** A link by which somebody becomes a user, or a user chooses a new password. It works once. */
export const invitations = pgTable(
  "invitations",
  {
    id: id(),
    email: text().notNull(),
    role: text({ enum: ["admin", "member"] }).notNull(),
    /** SHA-256 of the token in the link, which is shown once. */
    tokenHash: bytea().notNull().unique("invitations_token_hash"),
    /** Who made it, as the audit log calls them. */
    invitedBy: text().notNull(),
    createdAt: createdAt(),
    expiresAt: at().notNull(),
    acceptedAt: at(),
    revokedAt: at(),
  },
  (table) => [index("invitations_email").on(table.email)],
);

/** Users who were removed: no provider brings them in again until an admin allows it. */
export const removedUsers = pgTable("removed_users", {
  /** Lower case. */
  email: text().primaryKey(),
  /** Their accounts at providers, as `github:<id>`: a changed email opens no way around. */
  providerAccounts: text().array().notNull().default(sql`'{}'`),
  /** Who removed them, as the audit log calls them. */
  removedBy: text().notNull(),
  removedAt: at().notNull().defaultNow(),
});

/** Counts of recent sign-in attempts per account and per address. Rows are deleted once their window has ended. */
export const signInAttempts = pgTable(
  "sign_in_attempts",
  {
    /** SHA-256 of what is counted, so that addresses which nobody has an account for are not collected here. */
    key: bytea().primaryKey(),
    count: integer().notNull(),
    windowStartedAt: at().notNull(),
  },
  (table) => [index("sign_in_attempts_window").on(table.windowStartedAt)],
);

/** Who did what, and when. Rows are only ever added; nothing about a lead stands in them. */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: id(),
    at: createdAt(),
    /** nobody: it was done where no sign-in is needed, or by who was not let in. */
    actorType: text({ enum: ["user", "token", "nobody"] }).notNull(),
    /** Of the user or token, which may be gone by now. */
    actorId: uuid(),
    /** A user's address or a token's name, as it was. */
    actorName: text().notNull(),
    action: text().notNull(),
    /** What it was done to: a task, a submission, a user. */
    subjectType: text(),
    subjectId: text(),
    detail: jsonb().$type<Record<string, string | number | boolean | null>>().notNull().default({}),
  },
  (table) => [
    index("audit_events_of_actor").on(table.actorId, table.id),
    index("audit_events_action").on(table.action, table.id),
  ],
);

/** Settings that admins change in the dashboard: one row. A null leaves the setting to its variable. */
export const settings = pgTable(
  "settings",
  {
    id: integer().primaryKey().default(1),
    /** Days that deliveries are kept; 0 keeps them forever. */
    retentionDays: integer(),
    /** The same for rejected deliveries. */
    rejectedRetentionDays: integer(),
    updatedAt: at().notNull().defaultNow(),
  },
  (table) => [check("settings_is_one_row", sql`${table.id} = 1`)],
);

/** When something happened last, and what came of it: for what needs no history. */
export const marks = pgTable("marks", {
  /**
   * cron: a scheduler called · preflight: the app sent itself a test delivery · credit_value: the price of a credit was
   * learned · the others: a background job of that kind ran.
   */
  name: text({
    enum: ["cron", "preflight", "reconcile", "alarms", "periods", "credit_value", "retention"],
  }).primaryKey(),
  at: createdAt(),
  detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
});
