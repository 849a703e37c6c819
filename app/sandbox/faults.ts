/**
 * Faults that the sandbox causes on purpose, for a lead of the named company. `happens` is the fault, and `lesson` is how
 * the app handles it. Safe for the browser.
 */
export const FAULTS = {
  late: {
    title: "Webhook comes late",
    company: "Late Webhook Oy",
    happens: "The job ends, and its webhook comes 15 seconds later.",
    lesson:
      "Until then the task is running. “Poll now” has the result at once; the webhook is then a duplicate, which changes nothing.",
  },
  twice: {
    title: "Webhook comes twice",
    company: "Twice Corp",
    happens: "The same webhook comes twice at the same moment, as retries do.",
    lesson:
      "One of them brings the result. The other is answered 200 as a duplicate, so that Sixtyfour stops sending it.",
  },
  lost: {
    title: "Webhook is lost",
    company: "Never Delivers Ltd",
    happens: "The job ends, and no webhook ever comes.",
    lesson:
      "The app asks Sixtyfour by itself once all attempts must be over. “Poll now” does so at once, and the result says that it came by poll.",
  },
  forged: {
    title: "Webhook is forged",
    company: "Forged AB",
    happens: "Somebody who knows the task_id sends a wrong result, right before the true one comes.",
    lesson:
      "The forged one is refused with 401 and changes nothing: its signature does not match. It stays in the log.",
  },
  rotated: {
    title: "Secret is rotated",
    company: "Rotated Secret BV",
    happens: "Sixtyfour signs with a new secret that the app does not know, on each of its five attempts.",
    lesson:
      "All five are refused, and “Poll now” brings the result all the same. The mend: set the new secret beside the old one, separated by a comma.",
  },
  lost_answer: {
    title: "Answer to the submit is lost",
    company: "Lost Answer LLC",
    happens: "Sixtyfour accepts and charges the lead, and the connection breaks before we hear of it.",
    lesson:
      "The task is unconfirmed and is not sent again by itself, since that would be charged twice. Its webhook bears a token of this task, by which it finds home.",
  },
  rate_limited: {
    title: "Too many requests (429)",
    company: "Busy Ltd",
    happens: "Sixtyfour refuses the submit and asks us to wait 5 seconds.",
    lesson: "Nothing was accepted, so the task stays queued, and is sent again by itself when the time is over.",
  },
  server_error: {
    title: "Sixtyfour is down (503)",
    company: "Down Inc",
    happens: "The submit is answered with a 503 and a page of HTML.",
    lesson:
      "Nobody knows whether it was accepted, so it is not repeated by itself: the task is unconfirmed, and a person decides once its webhook should have come.",
  },
  no_credits: {
    title: "Out of credits (402)",
    company: "Broke Ltd",
    happens: "Sixtyfour refuses the submit for want of credits.",
    lesson: "Nothing was charged. The task waits, in sight at the top of the list, until somebody presses “Send now”.",
  },
  fails: {
    title: "Job fails",
    company: "Fails Inc",
    happens: "The job is accepted, and ends as failed with a reason.",
    lesson: "The reason stands in the list, and counts in the overview. “Submit again” makes a new task of the lead.",
  },
} as const satisfies Record<string, { title: string; company: string; happens: string; lesson: string }>;

export type FaultId = keyof typeof FAULTS;
export const FAULT_IDS = Object.keys(FAULTS) as FaultId[];
