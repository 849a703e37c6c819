import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/**
 * What went wrong in an action, in a sentence that a person may read; what is none of theirs goes to the log.
 *
 * @param reassurance what has become of their data then
 */
export function complaintOf(error: unknown, reassurance = "Nothing was changed"): string {
  if (error instanceof AppError) return error.message;
  log.error("action_failed", error);
  return `Something went wrong on our side. ${reassurance}; try again.`;
}

/** Runs an action. @returns what went wrong; null where nothing did */
export async function complaint(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return complaintOf(error);
  }
}
