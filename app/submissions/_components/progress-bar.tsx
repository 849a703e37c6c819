import { Progress } from "@mantine/core";
import { Fragment } from "react";
import { LEAD_STATES } from "@/app/submissions/_components/lead-states";
import type { LeadCounts } from "@/lib/submissions/submission-view";

/**
 * The leads of a submission by state, as one bar. Leads that wait to be sent are its empty part, and of the running ones
 * those that Sixtyfour has processed stand out.
 */
export function ProgressBar({
  leads,
  processed = 0,
  total,
  size,
}: {
  leads: LeadCounts;
  processed?: number;
  total: number;
  size: "sm" | "lg";
}) {
  const processedRunning = Math.min(processed, leads.running);
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
          <Fragment key={state}>
            {state === "running" && processedRunning > 0 && (
              <Progress.Section value={share(processedRunning)} color={color} withAria={false} />
            )}
            <Progress.Section
              value={share(state === "running" ? leads.running - processedRunning : leads[state])}
              color={state === "running" && processed > 0 ? `${color}.3` : color}
              withAria={false}
            />
          </Fragment>
        ),
      )}
    </Progress.Root>
  );
}
