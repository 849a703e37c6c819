/** Zod schemas of the answers of the documented routes. The document is made of them, and tests hold the answers to them. */
import { z } from "zod";
import { TASK_STATUSES } from "@/lib/tasks/task-status";

const time = z.iso.datetime().meta({ description: "ISO 8601 in UTC" });
const count = z.int().min(0);

const counts = z
  .strictObject(
    Object.fromEntries([...TASK_STATUSES, "preparing", "reused"].map((state) => [state, count])) as Record<
      string,
      typeof count
    >,
  )
  .meta({ description: "How many leads are in which state" });

const nextCursor = z
  .string()
  .nullable()
  .meta({ description: "Give this as `cursor` for the page after; null on the last" });
const mismatch = z.enum(["count", "names", "unreadable", "no_file", "too_large"]);
const shape = z.enum(["single", "bulk", "file"]);

const submissionSummary = z.strictObject({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  source: z.enum(["form", "list", "api"]),
  state: z.enum(["draft", "sending", "waiting", "paused", "ended", "cancelled"]),
  createdAt: time,
  leadCount: count,
  leads: counts,
});

export const submissionsAnswer = z.strictObject({ submissions: z.array(submissionSummary), nextCursor });

const unrecognizedFields = z.array(z.string()).meta({ description: "Request fields that Sixtyfour ignored" });
const progress = z
  .strictObject({ completed: z.number(), total: z.number() })
  .nullable()
  .meta({ description: "How many leads a running job is done with, as last heard" });

export const submissionAnswer = submissionSummary.extend({
  shape,
  columns: z.array(z.string()).nullable(),
  confirmedAt: time.nullable(),
  pausedAt: time.nullable(),
  pauseReason: z.string().nullable(),
  pauseMessage: z.string().nullable(),
  taskCount: count,
  outputs: z.array(z.string()).meta({ description: "The output fields that were asked for" }),
  unrecognizedFields,
  progress,
  chargedCents: z.number().nullable().meta({ description: "What it has cost so far, in US cents, where known" }),
  sentLastMinute: count,
  secondsLeft: count.nullable().meta({ description: "Until the last request is sent" }),
  problems: z.array(
    z.strictObject({ code: z.string(), title: z.string(), message: z.string().nullable(), leads: count }),
  ),
});

export const rowsAnswer = z.strictObject({
  rows: z.array(
    z.strictObject({
      id: z.uuid(),
      row: count,
      lead: z.record(z.string(), z.string()),
      taskId: z.uuid().nullable(),
      status: z.enum([...TASK_STATUSES, "preparing", "reused"]),
      result: z.unknown().meta({ description: "As Sixtyfour gave it; null while there is none" }),
      isFound: z.boolean().nullable().meta({ description: "It has what was asked for; null while there is no result" }),
      otherName: z.string().nullable().meta({ description: "The name that Sixtyfour gives in place of the lead's" }),
      mismatch: mismatch.nullable(),
      error: z.string().nullable(),
      deliveredAt: time.nullable(),
    }),
  ),
  nextCursor,
});

const task = z.strictObject({
  id: z.uuid(),
  taskId: z.string().nullable().meta({ description: "Sixtyfour's task_id; null until it has accepted the task" }),
  kind: z.string(),
  shape,
  status: z.enum(TASK_STATUSES),
  sixtyfourStatus: z.string().nullable(),
  lead: z.record(z.string(), z.string()),
  leadCount: count,
  createdAt: time,
  submittedAt: time.nullable(),
  endedAt: time.nullable(),
  deliveredAt: time.nullable(),
  deliveredVia: z.enum(["webhook", "poll", "reconcile"]).nullable(),
  deliveredAttempt: z.int().nullable(),
  summary: z
    .strictObject({ parts: z.array(z.string()), more: count, emailStatus: z.string().nullable() })
    .nullable()
    .meta({ description: "The result in one line; the result itself is with the task" }),
  resultCount: count.nullable().meta({ description: "Results of many leads together" }),
  foundCount: count.nullable().meta({ description: "Leads for which something was found" }),
  unrecognizedFields,
  investigation: z
    .strictObject({ id: z.string(), workspaceUrl: z.url().nullable() })
    .nullable()
    .meta({ description: "The investigation of an Atlas run" }),
  progress,
  error: z.string().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  chargedCents: z.number().nullable(),
  lastPolledAt: time.nullable(),
  nextPollAt: time.nullable(),
  nextSendAt: time.nullable(),
  retriedAsId: z.uuid().nullable(),
  nextFetchAt: time.nullable(),
  rowsStoredAt: time.nullable(),
  fetchProblem: mismatch.nullable(),
  erasedAt: time.nullable(),
});

export const tasksAnswer = z.strictObject({ tasks: z.array(task), nextCursor });

export const taskCountsAnswer = z.strictObject({
  all: count,
  newestId: z.uuid().nullable().meta({ description: "The newest task of all" }),
  byStatus: z.strictObject(
    Object.fromEntries(TASK_STATUSES.map((status) => [status, count])) as Record<
      (typeof TASK_STATUSES)[number],
      typeof count
    >,
  ),
  isAtLeast: z.boolean().meta({ description: "A search finds more than is counted: each figure is so many or more" }),
});

export const taskAnswer = task.extend({
  result: z.unknown().meta({ description: "As Sixtyfour gave it; null while there is none" }),
  outputs: z.array(z.string()).meta({ description: "The output fields that were asked for" }),
  submission: z.strictObject({ id: z.uuid(), name: z.string(), leadCount: count }).nullable(),
  leads: z.array(z.strictObject({ id: z.uuid(), fields: z.record(z.string(), z.string()) })),
  earlier: z
    .strictObject({ taskId: z.uuid().nullable(), lead: z.record(z.string(), z.string()), result: z.unknown() })
    .nullable()
    .meta({ description: "What came of the lead that this one was submitted again for, with changes" }),
  request: z.record(z.string(), z.unknown()).meta({ description: "The body as it was sent" }),
  webhookRequested: z.boolean(),
  confirmableAt: time.nullable(),
  isConfirmable: z.boolean(),
  isRepeatable: z.boolean(),
  erasure: z
    .strictObject({
      isSearching: z.boolean(),
      stillNamed: z.array(
        z.strictObject({
          type: z.enum(["submission", "task", "view", "template"]),
          id: z.uuid(),
          place: z.enum(["name", "options", "message", "columns", "leads", "filter", "fields"]),
          title: z.string(),
          query: z.string().nullable(),
        }),
      ),
    })
    .nullable()
    .meta({ description: "What may still name the erased leads, and whether that is still being searched" }),
  history: z.array(
    z.strictObject({
      id: z.uuid(),
      at: time,
      type: z.string(),
      detail: z.record(z.string(), z.unknown()),
      delivery: z
        .strictObject({
          id: z.uuid(),
          attempt: z.int().nullable(),
          eventId: z.string().nullable(),
          signature: z.string(),
        })
        .nullable(),
    }),
  ),
});

export const problemAnswer = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z
      .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "Where the body is wrong, as JSON pointers" }),
  })
  .meta({ description: "Problem details (RFC 9457)" });
