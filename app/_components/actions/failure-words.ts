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

/** The consequences of an action that may have been done, and of trying it again. */
const REPEATS = {
  harmless: "It may have been done already. Trying again does no harm.",
  submit:
    "The lead may have been submitted: the list of tasks shows it. Pressing Submit again without changes is safe. Changed entries are submitted and charged as another lead.",
  costs:
    "The lead may have been submitted already. Check the task before you try again: a second submit may be charged twice.",
  list: "Nothing was sent to Sixtyfour. Leads that were stored so far are kept. Try again.",
  confirm:
    "The list may have been submitted: the list of submissions shows it. Trying again is safe: a list that was submitted is opened and not submitted again, also where you change it.",
  token:
    "The token may have been created, but it can’t be shown again. Reload the page, revoke the token if it is listed, and create another one.",
  password: "The new password may be set already. If your current password is refused, use the new one.",
  account: "Your account may exist already. If this link no longer works, sign in with your new password.",
  sign_in: "Try again.",
};

export type Repeat = keyof typeof REPEATS;

/** A list is held by the page alone. */
const AFTER_RELOAD: Partial<Record<Repeat, string>> = {
  list: "Nothing was sent to Sixtyfour. Reload the page and choose the list again: the options are kept.",
  confirm: "Nothing was sent to Sixtyfour. Reload the page and choose the list again: the options are kept.",
};

/** Returns what happened, its consequence and what to do, as a title and sentences. */
export function failureWords(
  { failure, reason }: ActionFailure,
  repeat: Repeat = "harmless",
): { title: string; text: string } {
  const title = TITLES[failure];
  if (failure === "new_version")
    return { title, text: AFTER_RELOAD[repeat] ?? "Nothing was done. Reload the page: your entries are kept." };
  if (failure === "offline" || failure === "unsent") {
    const when = failure === "offline" ? "you are back online" : "the server is back";
    return { title, text: `Nothing was sent. Your entries are kept. Try again when ${when}.` };
  }
  if (reason) return { title, text: reason };
  return { title, text: `Your entries are kept. ${REPEATS[repeat]}` };
}

/** Returns a few words, for a button that is harmless to press again. */
export function shortFailureText({ failure }: ActionFailure): string {
  return `${TITLES[failure]}. ${failure === "new_version" ? "Reload the page." : "Try again."}`;
}

/** Returns the words in one paragraph, for where there is no title. */
export function failureText(given: ActionFailure, repeat?: Repeat): string {
  const { title, text } = failureWords(given, repeat);
  return `${title}. ${text}`;
}
