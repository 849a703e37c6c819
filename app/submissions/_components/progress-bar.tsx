import { Progress } from "@mantine/core";
import { LEAD_STATES } from "@/app/submissions/_components/lead-states";
import type { LeadCounts } from "@/lib/submissions/submission-view";

/** How the leads of a submission stand, as one bar; what waits to be sent is its empty part. */
export function ProgressBar({ leads, total, size }: { leads: LeadCounts; total: number; size: "sm" | "lg" }) {
  const done = leads.completed + leads.reused + leads.failed + leads.cancelled;
  const share = (count: number) => (total === 0 ? 0 : (count / total) * 100);
  return (
    <Progress.Root
      size={size}
      role="progressbar"
      aria-label="Leads that are done"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share(done))}
    >
      {LEAD_STATES.filter(({ state }) => leads[state] > 0 && state !== "queued" && state !== "preparing").map(
        ({ state, color }) => (
          <Progress.Section key={state} value={share(leads[state])} color={color} withAria={false} />
        ),
      )}
    </Progress.Root>
  );
}
