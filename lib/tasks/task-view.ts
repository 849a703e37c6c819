/**
 * A task as it goes to browsers and to scripts: the JSON of `GET /api/tasks`. Times are ISO 8601 in UTC. Types only, so
 * safe for the browser.
 */
import type { deliveries, taskEvents, tasks } from "@/db/schema";
import type { ResultSummary } from "@/lib/sixtyfour/results/summary";
import type { Investigation } from "@/lib/sixtyfour/wire";
import type { ErasureReport } from "@/lib/tasks/erasure-report";
import type { ResultMismatch } from "@/lib/tasks/lead-result";
import type { TaskStatus } from "@/lib/tasks/task-status";

export interface TaskView {
  id: string;
  /** Sixtyfour's task_id; null until it has accepted the task. */
  taskId: string | null;
  kind: string;
  /**
   * bulk: many leads in one request, and a result that is an array in their order · file: all leads in one file, and a
   * result for each of them with the leads.
   */
  shape: "single" | "bulk" | "file";
  status: TaskStatus;
  /** Sixtyfour's own word for the status, as last heard. */
  sixtyfourStatus: string | null;
  /** The lead as it was sent; the first one of a task that has many. */
  lead: Record<string, string>;
  leadCount: number;
  createdAt: string;
  submittedAt: string | null;
  endedAt: string | null;
  deliveredAt: string | null;
  /** poll: a person asked for it · reconcile: the app did by itself. */
  deliveredVia: "webhook" | "poll" | "reconcile" | null;
  /** Which of the webhook's attempts brought the end, where it came by webhook and said so. */
  deliveredAttempt: number | null;
  /** The result in one line; null while there is none, and for many leads together. */
  summary: ResultSummary | null;
  /** Number of results of many leads together; null where it is no list, and for any other task. */
  resultCount: number | null;
  /** Number of its leads for which something was found; null where that is unknown, or not known yet. */
  foundCount: number | null;
  /** Request fields that Sixtyfour ignored; empty where it understood all of them. */
  unrecognizedFields: string[];
  /** Investigation of an Atlas run, with its page at Sixtyfour. */
  investigation: Investigation | null;
  /** How many of its leads a running job is done with, as last heard. */
  progress: { completed: number; total: number } | null;
  /** What is wrong, in a sentence; `errorCode` names it for programs. */
  error: string | null;
  errorCode: string | null;
  /** What Sixtyfour said of it, word for word. */
  errorMessage: string | null;
  chargedCents: number | null;
  lastPolledAt: string | null;
  /** When the app asks for the result by itself. */
  nextPollAt: string | null;
  /** When the app sends it again by itself, where it is queued and time alone may mend what kept it. */
  nextSendAt: string | null;
  /** The task that its leads went on to, when they were submitted again. */
  retriedAsId: string | null;
  /** Of a file: when the app fetches its rows, when it had them, and why it has not. */
  nextFetchAt: string | null;
  rowsStoredAt: string | null;
  fetchProblem: ResultMismatch | null;
  /** When its lead was erased; nothing of it is left then but that it was. */
  erasedAt: string | null;
}

export interface TaskPage {
  tasks: TaskView[];
  /** Give this as `cursor` to get the page after; null on the last one. */
  nextCursor: string | null;
}

/** How many tasks there are, whatever their status, and of each. */
export interface TaskCounts {
  all: number;
  /** The newest task of all: what is chosen by a filter is chosen up to it. */
  newestId: string | null;
  byStatus: Record<TaskStatus, number>;
  /** A search finds more than is worth counting: there are at least so many, and maybe more of each. */
  isAtLeast: boolean;
}

export interface TaskHistoryEntry {
  id: string;
  at: string;
  type: (typeof taskEvents.$inferSelect)["type"];
  detail: Record<string, unknown>;
  /** The delivery that it is about. */
  delivery: {
    id: string;
    attempt: number | null;
    eventId: string | null;
    signature: (typeof deliveries.$inferSelect)["signature"];
  } | null;
}

export interface TaskDetail extends TaskView {
  result: unknown;
  /** Names of the output fields that were asked for; empty where it was left to Sixtyfour. */
  outputs: string[];
  /** The list that it is part of; null for a single lead from the form. */
  submission: { id: string; name: string; leadCount: number } | null;
  /** All of them, in the order of the request; of a file none, since there are too many for one answer. */
  leads: { id: string; fields: Record<string, string> }[];
  /** What came of the lead that this one was submitted again for, with changes; null for any other. */
  earlier: { taskId: string | null; lead: Record<string, string>; result: unknown } | null;
  request: (typeof tasks.$inferSelect)["request"];
  webhookRequested: boolean;
  /** From when on a person is asked whether to submit an unconfirmed task again; null for any other. */
  confirmableAt: string | null;
  /** That time has come. */
  isConfirmable: boolean;
  /** Submitting it again can't be charged twice, though nobody knows whether it was accepted. */
  isRepeatable: boolean;
  /** What still names its erased leads; null where they were not erased. */
  erasure: ErasureReport | null;
  /** Oldest first. */
  history: TaskHistoryEntry[];
}
