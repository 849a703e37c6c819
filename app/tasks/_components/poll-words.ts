import type { Refusal } from "@/app/action";
import type { PollOutcome } from "@/lib/pipeline/poll";
import { describeProblem } from "@/lib/tasks/task-problems";

/** Says what "Poll now" brought. */
export function pollWords(answer: Refusal | { outcome: PollOutcome }): {
  message: string;
  tone: "good" | "neutral" | "bad";
} {
  if ("error" in answer) return { message: answer.error, tone: "bad" };
  const { outcome } = answer;
  switch (outcome.type) {
    case "running":
      return { message: `Still running. Sixtyfour says “${outcome.status}”.`, tone: "neutral" };
    case "completed":
      return { message: outcome.stored ? "Completed: the result is stored." : "Completed already.", tone: "good" };
    case "failed":
      return { message: "Sixtyfour says that the job failed.", tone: "bad" };
    case "cancelled":
      return { message: "Sixtyfour says that the job was cancelled.", tone: "bad" };
    case "unknown_job":
      return { message: "Sixtyfour doesn't know this task. It stays as it was.", tone: "bad" };
    case "unavailable":
      return {
        message: [`No answer about this task: ${describeProblem(outcome.reason).title}.`, outcome.message]
          .filter(Boolean)
          .join(" "),
        tone: "bad",
      };
    case "too_soon":
      return { message: "Sixtyfour was asked a moment ago. Try again in 5 seconds.", tone: "neutral" };
    case "not_submitted":
      return { message: "Sixtyfour has not confirmed this task, so there is nothing to ask for yet.", tone: "neutral" };
    case "already_ended":
      return { message: "This task has ended already.", tone: "good" };
  }
}
