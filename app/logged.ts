import { errorForLog } from "@/lib/error-for-log";
import { AppError } from "@/lib/errors";

/** Work that a page prefetches: where it fails the browser asks again and shows what it gets, and the cause is for the log. */
export async function logged<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError)) console.error(errorForLog(error));
    throw error;
  }
}
