import type { ActionFailure, Failure } from "@/app/_components/actions/attempt";

const TITLES: Record<Failure, string> = {
  offline: "You are offline",
  unsent: "The server can’t be reached",
  unreachable: "The server can’t be reached",
  timeout: "The server did not answer in time",
  server: "The server reported an error",
  new_version: "A new version is available",
  refused: "The server refused the request",
};

const HARMLESS = "It may have been done already. Trying again does no harm.";

/**
 * Returns what happened, its consequence and what to do, as a title and sentences.
 *
 * @param repeat the consequence of an action that may have been done, and of trying it again, where that is not harmless
 * @param afterReload what reloading the page means, where that does not keep what was entered
 */
export function failureWords(
  { failure, reason }: ActionFailure,
  repeat = HARMLESS,
  afterReload = "Nothing was done. Reload the page: your entries are kept.",
): { title: string; text: string } {
  const title = TITLES[failure];
  if (failure === "new_version") return { title, text: afterReload };
  if (failure === "offline" || failure === "unsent") {
    const when = failure === "offline" ? "you are back online" : "the server is back";
    return { title, text: `Nothing was sent. Your entries are kept. Try again when ${when}.` };
  }
  if (reason) return { title, text: reason };
  return { title, text: `Your entries are kept. ${repeat}` };
}

/** Returns a few words, for a button that is harmless to press again. */
export function shortFailureText({ failure }: ActionFailure): string {
  return `${TITLES[failure]}. ${failure === "new_version" ? "Reload the page." : "Try again."}`;
}

/** Returns the words in one paragraph, for where there is no title. */
export function failureText(given: ActionFailure, repeat?: string): string {
  const { title, text } = failureWords(given, repeat);
  return `${title}. ${text}`;
}
