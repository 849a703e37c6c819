import { counted, money } from "@/app/_components/figures";
import { describeMismatch, type ResultMismatch } from "@/lib/tasks/lead-result";
import { describeProblem } from "@/lib/tasks/task-problems";
import type { TaskHistoryEntry } from "@/lib/tasks/task-view";

const DELIVERY_OUTCOMES: Record<string, string> = {
  applied: "It brought the result.",
  duplicate: "A duplicate: the task had ended already, and nothing changed.",
  conflict: "It contradicts how the task had ended. The first end stays.",
  noted: "It named no end, so nothing changed.",
};

const POLL_ANSWERS: Record<string, string> = {
  completed: "Sixtyfour says that it is completed.",
  failed: "Sixtyfour says that it failed.",
  cancelled: "Sixtyfour says that it was cancelled.",
  unknown_job: "Sixtyfour doesn't know this task.",
};

const ENDS: Record<string, string> = { completed: "Completed", failed: "Failed", cancelled: "Cancelled" };

/** One entry of a task's history, in words. */
export function historyWords({ type, detail, delivery }: TaskHistoryEntry): { title: string; detail: string | null } {
  switch (type) {
    case "created":
      return { title: "Created", detail: null };
    case "submitted":
      return { title: "Submitted", detail: acceptedWords(detail) };
    case "submit_failed": {
      const parts = [
        `${describeProblem(text(detail.reason)).title}.`,
        detail.message ? `“${text(detail.message)}”` : "",
        detail.isRepeated ? "It is sent again automatically under the same idempotency key." : "",
      ];
      return {
        title: detail.outcome === "unconfirmed" ? "Submitted, but not confirmed" : "Not accepted",
        detail: parts.filter(Boolean).join(" "),
      };
    }
    case "recovered":
      return {
        title: "Recovered",
        detail: "A webhook with this task's own address arrived: Sixtyfour had accepted the submit.",
      };
    case "delivery": {
      const attempt = delivery?.attempt ? `, attempt ${delivery.attempt}` : "";
      const signature = delivery?.signature === "unsigned" ? "Unsigned. " : "";
      return {
        title: `Webhook received${attempt}`,
        detail: signature + (DELIVERY_OUTCOMES[text(detail.outcome)] ?? text(detail.outcome)),
      };
    }
    case "polled": {
      const answer = text(detail.answer);
      const words =
        answer === "running"
          ? `Still running (“${text(detail.status)}”).`
          : answer === "unavailable"
            ? `No answer: ${describeProblem(text(detail.reason)).title}.`
            : (POLL_ANSWERS[answer] ?? answer);
      return { title: detail.by === "person" ? "Polled by hand" : "Polled by the app", detail: words };
    }
    case "fetched":
      return typeof detail.rows === "number"
        ? { title: "Results stored", detail: `${counted(detail.rows, "row")} of its file, each with its lead.` }
        : { title: "Results not stored", detail: describeMismatch(detail.problem as ResultMismatch) };
    case "erased":
      return { title: "Erased", detail: "The lead, its result and its payloads were deleted." };
    case "ended":
      return {
        title: ENDS[text(detail.status)] ?? "Ended",
        detail: `Delivered by ${text(detail.via)}.`,
      };
  }
}

function acceptedWords({ withWebhook, rowCount, estimatedCostCents, ignored }: TaskHistoryEntry["detail"]): string {
  const parts = [
    withWebhook ? "Sixtyfour accepted it" : "Sixtyfour accepted it, without a webhook address",
    typeof rowCount === "number" ? `counted ${counted(rowCount, "row")}` : null,
    typeof estimatedCostCents === "number" ? `expects a cost of at least ${money(estimatedCostCents)}` : null,
  ].filter((part) => part !== null);
  const accepted = parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}.` : `${parts[0]}.`;
  return Array.isArray(ignored) ? `${accepted} It ignored: ${ignored.join(", ")}.` : accepted;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
