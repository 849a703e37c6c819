/** The state file: JSON lines that are only ever appended, so that a sandbox started again knows what it promised. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { ConfigError } from "@/lib/errors";
import { endStatus, jobError } from "@/sandbox/outcomes";

export const webhookAttempt = z.object({
  attempt: z.number(),
  eventId: z.string(),
  /** ISO 8601, when it was sent. */
  at: z.string(),
  /** Null where no answer came; `error` then says why. */
  status: z.number().nullable(),
  error: z.string().nullable(),
  /** Sent because a test asked for it, and not as one of the five. */
  manual: z.boolean(),
  /** Sent in our name by a forger of chaos' making. */
  forged: z.boolean().optional(),
});
export type WebhookAttempt = z.infer<typeof webhookAttempt>;

const journalEntry = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("accepted"),
    taskId: z.string(),
    runId: z.string(),
    path: z.string(),
    body: z.record(z.string(), z.unknown()),
    idempotencyKey: z.string().nullish(),
    acceptedAtMs: z.number(),
    /** Null for a job that is held until it is released. */
    endsAtMs: z.number().nullable(),
  }),
  z.object({
    type: z.literal("ended"),
    taskId: z.string(),
    eventId: z.string(),
    status: endStatus,
    result: z.unknown().optional(),
    error: jobError.optional(),
    costCents: z.number(),
    closedAtMs: z.number(),
  }),
  z.object({ type: z.literal("attempted"), taskId: z.string(), attempt: webhookAttempt }),
  z.object({ type: z.literal("dropped"), taskId: z.string() }),
  z.object({ type: z.literal("forgotten"), taskId: z.string() }),
]);
export type JournalEntry = z.infer<typeof journalEntry>;

export interface Journal {
  /** Everything that was written before this process started. */
  read(): JournalEntry[];
  append(entry: JournalEntry): void;
  clear(): void;
}

/** A journal on disk; without a file, one that keeps nothing. */
export function openJournal(file: string | undefined): Journal {
  if (!file) return { read: () => [], append: () => undefined, clear: () => undefined };
  mkdirSync(dirname(file), { recursive: true });
  return {
    read: () => readEntries(file),
    append: (entry) => {
      try {
        appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      } catch (error) {
        // A full disk costs the memory of a restart, which is no reason to lose the jobs that run now.
        console.error(`The sandbox can't write its state to ${file}: ${error}`);
      }
    },
    clear: () => {
      if (existsSync(file)) truncateSync(file);
    },
  };
}

function readEntries(file: string): JournalEntry[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf("\n") + 1;
  // A text after the last newline was torn by a crash. It is removed, or the next line would be appended to it.
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line, index) => {
    try {
      return journalEntry.parse(JSON.parse(line));
    } catch {
      throw new ConfigError(`Line ${index + 1} of the sandbox's state file ${file} can't be read. Delete the file.`);
    }
  });
}
