/** What needs a person, as it goes to browsers. Types only, so safe for the browser. */
import type { submissions } from "@/db/schema";

export interface Attention {
  /** Submits that may have been accepted, and whose webhook should have come by now. */
  unconfirmedTasks: number;
  /** Tasks from the form that certainly were not accepted, and that nothing sends by itself. */
  heldTasks: number;
  /** Files whose results could not be had, or fit nobody. */
  unstoredFiles: { taskId: string; submissionName: string; leadCount: number }[];
  pausedSubmissions: {
    id: string;
    name: string;
    leadCount: number;
    reason: NonNullable<(typeof submissions.$inferSelect)["pauseReason"]>;
  }[];
  /** Deliveries that nobody has looked at, and the newest of each: what comes after it is not meant by "seen". */
  unmatchedDeliveries: UnseenDeliveries;
  conflictingDeliveries: UnseenDeliveries;
}

export interface UnseenDeliveries {
  count: number;
  newestId: string | null;
}
