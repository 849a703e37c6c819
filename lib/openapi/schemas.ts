/** What the documented routes answer, as zod schemas: the document is made of them, and the tests hold the answers to them. */
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

export const submissionAnswer = z.strictObject({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  source: z.enum(["form", "list", "api"]),
  shape: z.enum(["single", "bulk", "file"]),
  state: z.enum(["draft", "sending", "waiting", "paused", "ended", "cancelled"]),
  columns: z.array(z.string()).nullable(),
  createdAt: time,
  confirmedAt: time.nullable(),
  pausedAt: time.nullable(),
  pauseReason: z.string().nullable(),
  pauseMessage: z.string().nullable(),
  leadCount: count,
  taskCount: count,
  leads: counts,
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
      mismatch: z.enum(["count", "names"]).nullable(),
      error: z.string().nullable(),
      deliveredAt: time.nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
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
