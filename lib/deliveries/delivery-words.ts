/** What the log says of a delivery, in words. Safe for the browser. */
import type {
  DeliveryFlag,
  DeliveryOutcome,
  DeliveryPeriod,
  DeliveryToken,
  DeliveryView,
} from "@/lib/deliveries/delivery-view";

const OUTCOMES: Record<DeliveryOutcome, { label: string; meaning: string }> = {
  applied: { label: "Applied", meaning: "It ended its task." },
  duplicate: { label: "Duplicate", meaning: "Its task had ended the same way already, so nothing changed." },
  conflict: { label: "Conflict", meaning: "It says other than what is known of its task, so nothing changed." },
  noted: { label: "Noted", meaning: "It names no end of its task, so nothing changed." },
  unmatched: { label: "Unmatched", meaning: "No task has its task_id." },
  workflow: { label: "Workflow", meaning: "It is a workflow's own message and not about a task." },
  refused: { label: "Refused", meaning: "Nothing proves that it came from Sixtyfour, so it was rejected." },
  erased: { label: "Erased", meaning: "Its lead was erased, so nothing of it was kept." },
  malformed: { label: "Malformed", meaning: "It could not be read as a delivery, so it was rejected." },
};

/** What became of a delivery: its name, and what that means. */
export function outcomeWords(outcome: DeliveryOutcome): { label: string; meaning: string } {
  return OUTCOMES[outcome];
}

/** The event type of the delivery that this app sends itself, to see how webhooks arrive. */
export const PREFLIGHT_EVENT_TYPE = "dashboard.preflight";

/** Whether a delivery is such a one, and arrived: what is refused may bear any name. */
export function isPreflight({ outcome, eventType }: Pick<DeliveryView, "outcome" | "eventType">): boolean {
  return outcome === "workflow" && eventType === PREFLIGHT_EVENT_TYPE;
}

/** Like {@link outcomeWords}, where more is known of the delivery. */
export function deliveryWords(delivery: Pick<DeliveryView, "outcome" | "eventType">): {
  label: string;
  meaning: string;
} {
  if (!isPreflight(delivery)) return outcomeWords(delivery.outcome);
  return { label: "Preflight", meaning: "This app sent it to its own public address, to see how webhooks arrive." };
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** The verdict on a signature, for example "expired: 412 s old". */
export function signatureWords({
  signature,
  signatureCount,
  signatureAgeSeconds,
}: Pick<DeliveryView, "signature" | "signatureCount" | "signatureAgeSeconds">): string {
  switch (signature) {
    case "valid":
      return "valid";
    case "unsigned":
      return "unsigned: no secret is configured";
    case "missing":
      return "no signature";
    case "malformed":
      return "not to be read";
    case "mismatch":
      if (signatureCount === null) return "doesn't match";
      if (signatureCount === 1) return "one signature, which doesn't match";
      return `${NUMBERS[signatureCount] ?? signatureCount} signatures, none matches`;
    case "expired":
      if (signatureAgeSeconds === null) return "expired";
      return `expired: ${Math.abs(signatureAgeSeconds)} s ${signatureAgeSeconds < 0 ? "ahead" : "old"}`;
  }
}

/** Says how many requests of a sample's minute were counted and not kept: "1,204 more like this in this minute". */
export function moreWords(notKept: number): string {
  return `${String(notKept).replace(/\B(?=(\d{3})+$)/g, ",")} more like this in this minute`;
}

const TOKENS: Record<DeliveryToken, string> = {
  right: "right: a task's own address was called",
  wrong: "wrong: no address of this task has it",
  none: "none",
};

/** What the address that was called says of the sender. */
export function tokenWords(token: DeliveryToken): string {
  return TOKENS[token];
}

const FLAGS: Record<DeliveryFlag, string> = {
  event_id_reused: "An earlier delivery had the same event id and other content.",
  other_task_type: "Its task_type is not one of this kind of task.",
  other_task_id: "It names another job than the one that its task is known to have.",
  unknown_status: "Its status is none that ends a task.",
  no_result: "It says completed and brings no result.",
  too_deep: "Its result is nested too deeply to be shown.",
};

/** What is odd about a delivery. */
export function flagWords(flag: DeliveryFlag): string {
  return FLAGS[flag];
}

const PERIODS: Record<DeliveryPeriod, string> = {
  any: "Any time",
  hour: "Last hour",
  day: "Last 24 hours",
  week: "Last 7 days",
};

export function periodWords(period: DeliveryPeriod): string {
  return PERIODS[period];
}

/** Bytes as a person reads them, in steps of 1000. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What a replay came to. */
export function replayWords(outcome: DeliveryOutcome): { message: string; tone: "good" | "neutral" | "bad" } {
  switch (outcome) {
    case "applied":
      return { message: "Applied: it has ended its task.", tone: "good" };
    case "duplicate":
      return { message: "A duplicate: the task had ended the same way already, and nothing changed.", tone: "neutral" };
    case "unmatched":
      return { message: "Still unmatched: no task has its task_id.", tone: "neutral" };
    default:
      return { message: `${OUTCOMES[outcome].label}: ${lowerFirst(OUTCOMES[outcome].meaning)}`, tone: "neutral" };
  }
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
