import { unstable_isUnrecognizedActionError, unstable_rethrow } from "next/navigation";
import { allowSeconds, isPageHeld, noteNewBuild } from "@/app/_components/connection/connection";

/**
 * The reasons why a server action gave no answer of its own. After `unreachable`, `timeout` and `server` it may have been done;
 * after the others it certainly was not.
 */
export type Failure = "offline" | "unsent" | "unreachable" | "timeout" | "server" | "new_version" | "refused";

/** A failure of an action. An object, so that each one is told, also where it is the same as the one before. */
export interface ActionFailure {
  failure: Failure;
  /** The sentence with which proxy.ts refused it. */
  reason?: string;
}

/**
 * Calls a server action. Every button and form does so through this, so that a failure is a value and never replaces the
 * page by an error. A redirect of the action passes.
 *
 * @param withinSeconds how long the action may take, where that is more than the usual 30 seconds
 */
export async function attempt<T>(action: () => Promise<T>, withinSeconds = 0): Promise<{ value: T } | ActionFailure> {
  const wasOnline = navigator.onLine;
  // The router would put the action off until that page has come, however long that takes, and then do it after all.
  if (isPageHeld()) return { failure: wasOnline ? "unsent" : "offline" };
  try {
    return { value: await allowSeconds(withinSeconds, action) };
  } catch (error) {
    unstable_rethrow(error);
    const failure = failureOf(error, wasOnline);
    if (failure === "new_version") noteNewBuild();
    return failure === "refused" ? { failure, reason: (error as Error).message } : { failure };
  }
}

function failureOf(error: unknown, wasOnline: boolean): Failure {
  if (unstable_isUnrecognizedActionError(error)) return "new_version";
  if (error instanceof DOMException && error.name === "TimeoutError") return "timeout";
  // `fetch` fails with a TypeError where no answer came. A connection that was lost meanwhile may have carried the request.
  if (error instanceof TypeError) return wasOnline ? "unreachable" : "offline";
  return error instanceof Error && error.message.includes("X-Forwarded-Host") ? "refused" : "server";
}

/** An action of several gave no answer. */
export class ActionFailedError extends Error {
  constructor(readonly outcome: ActionFailure) {
    super("An action gave no answer.");
  }
}

/** As `attempt`, for steps that follow each other. @throws ActionFailedError */
export async function attemptStep<T>(action: () => Promise<T>, withinSeconds?: number): Promise<T> {
  const outcome = await attempt(action, withinSeconds);
  if ("failure" in outcome) throw new ActionFailedError(outcome);
  return outcome.value;
}
