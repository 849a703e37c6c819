/**
 * What went wrong with a task, in plain words: what happened to the money, and what to do. One entry a code that a task
 * can carry. Safe for the browser.
 */
export interface TaskProblem {
  title: string;
  advice: string;
}

const PROBLEMS: Record<string, TaskProblem> = {
  unauthorized: {
    title: "Sixtyfour doesn't accept our API key",
    advice: "Nothing was submitted or charged. Check SIXTYFOUR_API_KEY, then send this task again.",
  },
  no_credits: {
    title: "Not enough credits at Sixtyfour",
    advice: "Nothing was submitted or charged. Add credits to the Sixtyfour account, then send this task again.",
  },
  rate_limited: {
    title: "Too many requests at once",
    advice: "Sixtyfour takes 500 requests a minute. Nothing was submitted or charged.",
  },
  unreachable: {
    title: "Sixtyfour can't be reached",
    advice: "The request never left, and nothing was charged.",
  },
  misconfigured: {
    title: "The address of the API is not Sixtyfour's",
    advice: "Nothing was submitted or charged. Check SIXTYFOUR_API_URL, then send this task again.",
  },
  not_enabled: {
    title: "Sixtyfour has not enabled this for your account",
    advice: "Nothing was charged. Choose another tier, or ask Sixtyfour for access, and submit the lead again.",
  },
  invalid_request: {
    title: "Sixtyfour refused this request as invalid",
    advice: "Nothing was charged. Correct the lead and submit it again.",
  },
  timeout: {
    title: "No answer from Sixtyfour in time",
    advice: "It may have accepted this task, and charged it, all the same.",
  },
  connection_lost: {
    title: "The connection broke before Sixtyfour answered",
    advice: "It may have accepted this task, and charged it, all the same.",
  },
  server_fault: {
    title: "Sixtyfour answered with a fault of its own",
    advice: "It may have accepted this task, and charged it, all the same.",
  },
  unreadable_answer: {
    title: "Sixtyfour's answer had no usable task_id",
    advice: "It probably accepted this task, but we can't tell its result from another's.",
  },
  changed_request: {
    title: "The request was not repeated",
    advice:
      "It would have differed from the one before, for example by another webhook address, and a second job could have started. Sixtyfour may have accepted the first one.",
  },
  cut_off: {
    title: "The app stopped while it was submitting",
    advice: "Sixtyfour may have accepted this task, and charged it, all the same.",
  },
  not_sent: {
    title: "Cancelled before it was sent",
    advice: "Nothing was submitted or charged.",
  },
  erased: {
    title: "This lead was erased",
    advice: "Nothing of this task is left here. What Sixtyfour holds of it is Sixtyfour's to erase.",
  },
  lost: {
    title: "Sixtyfour has lost this job",
    advice:
      "It accepted the task and has said for over an hour that it doesn't know it. Submit the lead again, and ask Sixtyfour about the task_id: it may have charged for it.",
  },
  job_failed: {
    title: "Sixtyfour could not finish this job",
    advice: "Submit the lead again, with more about it if you can: more identifiers match better.",
  },
};

const UNKNOWN_PROBLEM: TaskProblem = { title: "Something went wrong", advice: "Sixtyfour gave no further reason." };

/** The words for an error code; a code that this version doesn't know gets general ones. */
export function describeProblem(code: string): TaskProblem {
  return PROBLEMS[code] ?? UNKNOWN_PROBLEM;
}

/** What went wrong, in words: of our code the title, and what Sixtyfour said as it is. */
export function reasonWords(reason: string): string {
  return PROBLEMS[reason]?.title ?? reason;
}
