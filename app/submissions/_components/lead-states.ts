import type { MantineColor } from "@mantine/core";
import { counted } from "@/app/_components/figures";
import type { LeadCounts, SubmissionState } from "@/lib/submissions/submission-view";

export type LeadState = keyof LeadCounts;

/** The states of a submission's leads in the order of the bar: what is done first, what is to be done last. */
export const LEAD_STATES: { state: LeadState; label: string; color: MantineColor }[] = [
  { state: "completed", label: "Completed", color: "green" },
  { state: "reused", label: "Reused", color: "teal" },
  { state: "failed", label: "Failed", color: "red" },
  { state: "unconfirmed", label: "Unconfirmed", color: "orange" },
  { state: "running", label: "Running", color: "blue" },
  { state: "submitting", label: "Submitting", color: "cyan" },
  { state: "queued", label: "Queued", color: "yellow" },
  { state: "preparing", label: "Preparing", color: "gray" },
  { state: "cancelled", label: "Cancelled", color: "dark" },
];

export const STATE_WORDS: Record<SubmissionState, { label: string; color: MantineColor }> = {
  draft: { label: "Draft", color: "gray" },
  sending: { label: "Sending", color: "blue" },
  waiting: { label: "Waiting for results", color: "blue" },
  paused: { label: "Paused", color: "orange" },
  ended: { label: "Done", color: "green" },
  cancelled: { label: "Cancelled", color: "gray" },
};

/** Name of a submission that nobody gave one. */
export function submissionTitle({ name, leadCount }: { name: string; leadCount: number }): string {
  return name || counted(leadCount, "lead");
}
