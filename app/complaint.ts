import { errorForLog } from "@/lib/error-for-log";
import { AppError } from "@/lib/errors";

/** Runs an action. @returns what went wrong, in a sentence that a person may read; null where nothing did */
export async function complaint(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    console.error(errorForLog(error));
    return "Something went wrong on our side. Nothing was changed; try again.";
  }
}
