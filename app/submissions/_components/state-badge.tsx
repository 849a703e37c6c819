import { Mark } from "@/app/_components/mark";
import { STATE_WORDS } from "@/app/submissions/_components/lead-states";
import type { SubmissionState } from "@/lib/submissions/submission-view";

export function StateBadge({ state }: { state: SubmissionState }) {
  const { label, color } = STATE_WORDS[state];
  return <Mark color={color}>{label}</Mark>;
}
