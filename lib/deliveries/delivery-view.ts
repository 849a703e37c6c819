/**
 * A delivery as it goes to browsers and to scripts: the JSON of `GET /api/deliveries`. Times are ISO 8601 in UTC. Safe
 * for the browser.
 */
import type { deliveries } from "@/db/schema";

type DeliveryRow = typeof deliveries.$inferSelect;
export type DeliveryOutcome = DeliveryRow["outcome"];
export type DeliveryFlag = DeliveryRow["flags"][number];
type DeliverySignature = DeliveryRow["signature"];
export type DeliveryToken = DeliveryRow["token"];

/** In the order in which they are offered as a filter. */
export const DELIVERY_OUTCOMES = [
  "applied",
  "duplicate",
  "conflict",
  "noted",
  "unmatched",
  "workflow",
  "refused",
  "malformed",
  "erased",
] as const satisfies DeliveryOutcome[];

/** Outcomes of requests that were answered an error. */
export const REJECTED_OUTCOMES = ["refused", "malformed"] as const satisfies DeliveryOutcome[];

/** How far back a list reaches; `any` is all of the log. */
export const DELIVERY_PERIODS = ["any", "hour", "day", "week"] as const;
export type DeliveryPeriod = (typeof DELIVERY_PERIODS)[number];

/** What a list is narrowed to, as it stands in an address. Empty counts as absent, and `within` outdoes `from` and `to`. */
export interface DeliveryFilter {
  outcome?: string | undefined;
  within?: string | undefined;
  /** From here on: a date (UTC) or an ISO 8601 time. */
  from?: string | undefined;
  /** Before this time, or up to the end of this date. */
  to?: string | undefined;
}

export const DELIVERY_FILTER_NAMES = ["outcome", "within", "from", "to"] as const satisfies (keyof DeliveryFilter)[];

export interface DeliveryView {
  id: string;
  receivedAt: string;
  eventId: string | null;
  eventType: string | null;
  attempt: number | null;
  signature: DeliverySignature;
  /** How many v1 the signature header bore. */
  signatureCount: number | null;
  /** How old its timestamp was; negative where it was ahead. */
  signatureAgeSeconds: number | null;
  token: DeliveryToken;
  outcome: DeliveryOutcome;
  flags: DeliveryFlag[];
  /** The HTTP status that it was answered with. */
  answer: number;
  handledMs: number | null;
  /** How long the body was; null where that is not known. */
  bodyBytes: number | null;
  /** Sixtyfour's task_id and status, as the payload has them. */
  sixtyfourTaskId: string | null;
  status: string | null;
  taskType: string | null;
  /** Number of requests of its minute that were like this one, and that were counted but not kept. */
  notKept: number;
  /** The task that it belongs to, with its first lead. */
  task: { id: string; lead: Record<string, string>; erasedAt: string | null } | null;
}

export interface DeliveryPage {
  deliveries: DeliveryView[];
  /** Give this as `cursor` to get the page after; null on the last one. */
  nextCursor: string | null;
}

export interface DeliveryPayload {
  text: string;
  /** It is JSON, and `text` is that JSON indented. */
  isJson: boolean;
  /** `text` ends before the payload does. */
  isCut: boolean;
  /** Bytes that are no UTF-8 stand as U+FFFD in `text`. */
  hasInvalidUtf8: boolean;
}

export interface DeliveryDetail extends DeliveryView {
  /** Those that are kept, by name; the signature's hex is masked. */
  headers: { name: string; value: string }[];
  payload: DeliveryPayload;
  /** How many bytes of the body are kept: of a refused or malformed delivery only the beginning, of an old one none. */
  keptBytes: number;
}

/** True if a replay could change anything: a rejected delivery is never replayed. */
export function isReplayable({ outcome }: Pick<DeliveryView, "outcome">): boolean {
  return !["refused", "malformed", "workflow", "erased"].includes(outcome);
}

/** Whether a person may say which task it belongs to. */
export function isAttachable({ outcome, sixtyfourTaskId }: Pick<DeliveryView, "outcome" | "sixtyfourTaskId">): boolean {
  return outcome === "unmatched" && sixtyfourTaskId !== null;
}
