import { Group, Stack, Text } from "@mantine/core";
import type { Route } from "next";
import { CountNav } from "@/app/_components/count-nav";
import { counted, figure, money, span } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { LEAD_STATES, type LeadState } from "@/app/submissions/_components/lead-states";
import { ProgressBar } from "@/app/submissions/_components/progress-bar";
import { submissionHref } from "@/app/submissions/submission-href";
import type { SubmissionView } from "@/lib/submissions/submission-view";

/** The progress of a submission: the bar, its state in words, and a count for each state, which filters the rows. */
export function ProgressSection({ submission, status }: { submission: SubmissionView; status: LeadState | null }) {
  const { leads, leadCount } = submission;
  const href = submissionHref(submission.id);
  const done = leads.completed + leads.reused + leads.failed + leads.cancelled;
  return (
    <Section title="Progress">
      <Stack gap="md">
        <Group justify="space-between" gap={4}>
          <Text size="sm" className="tabular">
            {figure(done)} of {counted(leadCount, "lead")} done
          </Text>
          <Text size="sm" c="dimmed" className="tabular">
            {whatGoesOn(submission)}
          </Text>
        </Group>
        <ProgressBar leads={leads} processed={submission.progress?.completed ?? 0} total={leadCount} size="lg" />
        {submission.progress && (
          <Text size="sm" c="dimmed" className="tabular">
            Sixtyfour has processed {figure(submission.progress.completed)} of{" "}
            {counted(submission.progress.total, "lead")} that are running.
          </Text>
        )}
        <CountNav
          label="Leads by state"
          items={[
            { key: "all", label: "All", count: leadCount, href, isCurrent: status === null },
            ...LEAD_STATES.filter(({ state }) => leads[state] > 0 || state === status).map(
              ({ state, label, color }) => ({
                key: state,
                label,
                color,
                count: leads[state],
                href: `${href}?status=${state}` as Route,
                isCurrent: status === state,
              }),
            ),
          ]}
        />
      </Stack>
    </Section>
  );
}

function whatGoesOn({ state, secondsLeft, sentLastMinute, chargedCents, taskCount }: SubmissionView): string {
  const parts = [
    state === "sending" && secondsLeft !== null ? `${span(secondsLeft)} left to send` : null,
    sentLastMinute > 0 ? `${counted(sentLastMinute, "request")} in the last minute` : null,
    state === "sending" ? null : counted(taskCount, "task"),
    chargedCents === null ? null : `${money(chargedCents)} so far`,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}
