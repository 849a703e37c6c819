/** What has changed, as browsers are told. Types only, so safe for the browser. */

/** Ids and no data: whoever is told asks for what it shows. */
export interface News {
  /** Where it ends: given back, it gets what came after. */
  cursor: string;
  /** So much has changed, or the cursor is so old, that all that is shown is to be asked for again. */
  all: boolean;
  taskIds: string[];
  submissionIds: string[];
  /** Webhook requests have come. */
  deliveries: boolean;
  /** A person or a program has done something, which may have changed more than is named here. */
  deeds: boolean;
}

/** Whether it says anything at all. */
export function isNews({ all, taskIds, submissionIds, deliveries, deeds }: Omit<News, "cursor">): boolean {
  return all || deliveries || deeds || taskIds.length > 0 || submissionIds.length > 0;
}
