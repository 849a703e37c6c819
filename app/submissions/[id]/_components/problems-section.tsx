import { Alert, Stack, Table, Text } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { ActionForm } from "@/app/_components/actions/action-form";
import { counted } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { resume, retry } from "@/app/submissions/actions";
import { submissionKeys } from "@/app/submissions/queries";
import type { SubmissionView } from "@/lib/submissions/submission-view";
import { describeProblem } from "@/lib/tasks/task-problems";

/** Why it is paused, and what went wrong with its leads, by reason; with what can be done. */
export function ProblemsSection({ submission }: { submission: SubmissionView }) {
  const { problems, leads } = submission;
  return (
    <>
      {submission.state === "paused" && <Paused submission={submission} />}
      {problems.length > 0 && (
        <Section title="What went wrong">
          <Stack gap="md" align="flex-start">
            <Table verticalSpacing="xs" aria-label="Reasons">
              <Table.Tbody>
                {problems.map(({ code, title, message, leads: count }) => (
                  <Table.Tr key={code}>
                    <Table.Td w={120} className="tabular" style={{ verticalAlign: "top" }}>
                      {counted(count, "lead")}
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm">{title}</Text>
                      {code === "lost" && <Text size="sm">{describeProblem(code).advice}</Text>}
                      {message && (
                        <Text size="sm" c="dimmed" className="break-anywhere">
                          Sixtyfour says: “{message}”
                        </Text>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            {leads.failed > 0 && submission.state !== "cancelled" && (
              <ActionForm
                action={retry}
                target={{ submissionId: submission.id }}
                changes={submissionKeys.all}
                label={`Submit the ${counted(leads.failed, "failed lead")} again`}
              />
            )}
          </Stack>
        </Section>
      )}
    </>
  );
}

function Paused({ submission }: { submission: SubmissionView }) {
  const { pauseReason, pauseMessage, id } = submission;
  const isByPerson = pauseReason === "person" || pauseReason === null;
  const words = isByPerson
    ? { title: "Paused", advice: "Nothing more is sent until you resume it. What was sent goes on." }
    : { ...describeProblem(pauseReason), advice: PAUSE_ADVICE[pauseReason] };
  return (
    <Alert color="orange" icon={<IconPlayerPause aria-hidden />} title={words.title}>
      <Stack gap="sm" align="flex-start">
        {pauseMessage && (
          <Text size="sm" className="break-anywhere">
            Sixtyfour says: “{pauseMessage}”
          </Text>
        )}
        <Text size="sm">{words.advice}</Text>
        <ActionForm action={resume} target={{ submissionId: id }} changes={submissionKeys.all} label="Resume" />
      </Stack>
    </Alert>
  );
}

const PAUSE_ADVICE = {
  unauthorized: "Sending is paused, and nothing is lost. Check SIXTYFOUR_API_KEY, then resume.",
  no_credits: "Sending is paused, and nothing is lost. Add credits to the Sixtyfour account, then resume.",
  not_enabled: "Sending is paused, and nothing is lost. Ask Sixtyfour for access, then resume; or cancel the rest.",
  misconfigured: "Sending is paused, and nothing is lost. Check SIXTYFOUR_API_URL, then resume.",
};
