import { Badge } from "@mantine/core";
import { STATE_WORDS } from "@/app/submissions/_components/lead-states";
import type { SubmissionState } from "@/lib/submissions/submission-view";

export function StateBadge({ state }: { state: SubmissionState }) {
  const { label, color } = STATE_WORDS[state];
  return (
    <Badge variant="light" color={color} tt="none" fw={500}>
      {label}
    </Badge>
  );
}
