import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/** Work that a page prefetches: where it fails the browser asks again and shows what it gets, and the cause is for the log. */
export async function logged<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError)) log.error("prefetch_failed", error);
    throw error;
  }
}
