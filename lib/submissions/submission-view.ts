/**
 * A submission as it goes to browsers and to scripts. Times are ISO 8601 in UTC. Types only, so safe for the browser.
 */
import type { submissions } from "@/db/schema";
import type { TaskStatus } from "@/lib/tasks/task-status";

type SubmissionRow = typeof submissions.$inferSelect;

/**
 * draft: its leads are here and nothing is sent · sending: some of it is still to be sent · waiting: all is sent, and
 * results are to come · paused: nothing more is sent until somebody says so · ended: nothing more will happen by itself
 * · cancelled: what was not sent never will be.
 */
export type SubmissionState = "draft" | "sending" | "waiting" | "paused" | "ended" | "cancelled";

/** One lead in a list, as it was read and mapped. */
export interface NewLead {
  /** By the names of the kind's fields. */
  fields: Record<string, string>;
  /** The row of the list as it was, by the submission's columns; null where there is no list. */
  cells: string[] | null;
}

/**
 * The reason why a list can't go out as one file: its kind has no endpoint for files, the endpoint does not take its tier,
 * or the list is too large.
 */
export type FileObstacle = "kind" | "tier" | "size";

/** Size, duration and cost of a draft, before anything is spent. */
export interface Quote {
  submissionId: string;
  leads: number;
  /** Leads that were submitted before with the same kind and options, and whose result is available. */
  known: number;
  /** Requests to Sixtyfour, and how long they take at the rate allowed; with the known ones reused, and without. */
  requests: { reusing: number; fresh: number };
  sendingSeconds: { reusing: number; fresh: number };
  /** Typical time of a result at the draft's tier, in words. */
  typicalTime: string;
  /** All leads can go out as one file instead, in one request. */
  asFile: boolean;
  /** The reason why they can't; null where they can. */
  fileObstacle: FileObstacle | null;
  /** Price of a lead in US cents; null where none is known. */
  centsPerLead: number | null;
  /** Source of that price: the average of recent tasks of the same kind and options, or Sixtyfour's published prices. */
  priceSource: "recent" | "published" | null;
  /** The cost at that price, in US cents; null where none is known. */
  cents: { reusing: number; fresh: number } | null;
  /** The balance at Sixtyfour; null where it is not available. */
  credits: number | null;
  /** The balance in US cents; null where the value of a credit is not known. */
  balanceCents: number | null;
}

/** How many leads are in which state; `preparing` have no task yet, `reused` have an earlier result. */
export type LeadCounts = Record<TaskStatus | "preparing" | "reused", number>;

/** One line of the list of submissions. */
export interface SubmissionSummary {
  id: string;
  kind: string;
  /** Empty where nobody gave it a name. */
  name: string;
  source: SubmissionRow["source"];
  state: SubmissionState;
  createdAt: string;
  leadCount: number;
  leads: LeadCounts;
}

export interface SubmissionPage {
  submissions: SubmissionSummary[];
  /** Give this as `cursor` to get the page after; null on the last one. */
  nextCursor: string | null;
}

export interface SubmissionView extends SubmissionSummary {
  shape: SubmissionRow["shape"];
  columns: string[] | null;
  confirmedAt: string | null;
  pausedAt: string | null;
  pauseReason: SubmissionRow["pauseReason"];
  pauseMessage: string | null;
  taskCount: number;
  /** Names of the output fields that were asked for; empty where it was left to Sixtyfour. */
  outputs: string[];
  /** Request fields that Sixtyfour ignored in any of its tasks. */
  unrecognizedFields: string[];
  /** How many leads its running jobs are done with, as last heard; null where no job tells. */
  progress: { completed: number; total: number } | null;
  /** What its tasks have cost so far; null where no task has said so. */
  chargedCents: number | null;
  /** Requests of the last minute, and seconds until the last one is sent; null where nothing is to be sent. */
  sentLastMinute: number;
  secondsLeft: number | null;
  /** What went wrong, by reason, the most frequent first. */
  problems: { code: string; title: string; message: string | null; leads: number }[];
}
