/** A lead of a list as it goes to browsers and to scripts. Types only, so safe for the browser. */
import type { ResultMismatch } from "@/lib/tasks/lead-result";
import type { TaskStatus } from "@/lib/tasks/task-status";

/** One lead of a submission with what came of it. */
export interface SubmissionRowView {
  id: string;
  /** From 0, in the order of the list. */
  row: number;
  lead: Record<string, string>;
  taskId: string | null;
  status: TaskStatus | "preparing" | "reused";
  result: unknown;
  /** True if the result has what was asked for; null while there is none. */
  isFound: boolean | null;
  /** Name that Sixtyfour gives in place of the lead's, a reason to look; null where it fits. */
  otherName: string | null;
  /** Why the result can't be told from those of the others in its task, or had; null where it can. */
  mismatch: ResultMismatch | null;
  error: string | null;
  deliveredAt: string | null;
}

export interface SubmissionRowPage {
  rows: SubmissionRowView[];
  /** Give this as `cursor` to get the page after; null on the last one. */
  nextCursor: string | null;
}
