/** A line of the checklist, as it goes to the page. Types only, so safe for the browser. */

/** bad: it does not work · warn: it works, and should be looked at · unknown: it could not be found out. */
export type PointState = "ok" | "warn" | "bad" | "unknown";

export const SETUP_GROUPS = ["sixtyfour", "webhooks", "database", "access", "operation", "checklist"] as const;
/** `checklist` is Sixtyfour's own list for production. */
export type SetupGroup = (typeof SETUP_GROUPS)[number];

export interface SetupPoint {
  id: string;
  group: SetupGroup;
  title: string;
  state: PointState;
  /** One or two sentences. Names of variables and commands stand between backticks. */
  finding: string;
  /** What to do about it, in the same form; null where there is nothing to do. */
  mend: string | null;
  /** The app sees to it by itself: nothing has to be set up. */
  isAutomatic?: boolean;
}
