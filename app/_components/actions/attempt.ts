import { unstable_isUnrecognizedActionError, unstable_rethrow } from "next/navigation";
import { noteNewBuild } from "@/app/_components/connection/connection";

/**
 * The reasons why a server action gave no answer of its own. After `offline` and `new_version` it was certainly not done;
 * after the others it may have been.
 */
export type Failure = "offline" | "unreachable" | "timeout" | "server" | "new_version";

/**
 * Calls a server action. Every button and form does so through this, so that a failure is a value and never replaces the
 * page by an error. A redirect of the action passes.
 */
export async function attempt<T>(action: () => Promise<T>): Promise<{ value: T } | { failure: Failure }> {
  const wasOnline = navigator.onLine;
  try {
    return { value: await action() };
  } catch (error) {
    unstable_rethrow(error);
    const failure = failureOf(error, wasOnline);
    if (failure === "new_version") noteNewBuild();
    return { failure };
  }
}

function failureOf(error: unknown, wasOnline: boolean): Failure {
  if (unstable_isUnrecognizedActionError(error)) return "new_version";
  if (error instanceof DOMException && error.name === "TimeoutError") return "timeout";
  // `fetch` fails with a TypeError where no answer came. A connection that was lost meanwhile may have carried the request.
  if (error instanceof TypeError) return wasOnline ? "unreachable" : "offline";
  return "server";
}

/** An action of several gave no answer. */
export class ActionFailedError extends Error {
  constructor(readonly failure: Failure) {
    super("An action gave no answer.");
  }
}

/** As `attempt`, for steps that follow each other. @throws ActionFailedError */
export async function attemptStep<T>(action: () => Promise<T>): Promise<T> {
  const outcome = await attempt(action);
  if ("failure" in outcome) throw new ActionFailedError(outcome.failure);
  return outcome.value;
}
