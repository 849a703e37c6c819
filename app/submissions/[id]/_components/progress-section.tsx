import { Group, Stack, Text } from "@mantine/core";
import type { Route } from "next";
import Link from "next/link";
import { counted, figure, money, span } from "@/app/_components/figures";
import { LEAD_STATES, type LeadState } from "@/app/submissions/_components/lead-states";
import { ProgressBar } from "@/app/submissions/_components/progress-bar";
import classes from "@/app/submissions/[id]/_components/submission-page.module.css";
import { submissionHref } from "@/app/submissions/submission-href";
import { Section } from "@/app/tasks/[id]/_components/section";
import type { SubmissionView } from "@/lib/submissions/submission-view";

/** How far it has come: the bar, what is going on in words, and a count for each state, which narrows the rows. */
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
        <ProgressBar leads={leads} total={leadCount} size="lg" />
        <nav aria-label="Leads by state">
          <ul className={classes.states}>
            <li>
              <Link
                href={href}
                className={classes.state}
                aria-current={status === null ? "page" : undefined}
                scroll={false}
              >
                All <span className="tabular">{figure(leadCount)}</span>
              </Link>
            </li>
            {LEAD_STATES.filter(({ state }) => leads[state] > 0 || state === status).map(({ state, label, color }) => (
              <li key={state}>
                <Link
                  href={`${href}?status=${state}` as Route}
                  className={classes.state}
                  aria-current={status === state ? "page" : undefined}
                  scroll={false}
                >
                  <span className={classes.dot} style={{ background: `var(--mantine-color-${color}-6)` }} aria-hidden />
                  {label} <span className="tabular">{figure(leads[state])}</span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
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
