import { Group, Stack, Text } from "@mantine/core";
import { CopyButton } from "@/app/_components/copy-button";
import { counted } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { TextBlock } from "@/app/_components/text-block";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { asCurl } from "@/lib/sixtyfour/as-curl";
import { findTaskKind, pathOf } from "@/lib/sixtyfour/task-kinds";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** Who was looked for, and the request word for word. */
export function LeadSection({ task }: { task: TaskDetail }) {
  if (task.erasedAt) return null;
  const kind = findTaskKind(task.kind);
  return (
    <Section title={task.leadCount > 1 ? "Leads" : "Lead"}>
      <Stack gap="md">
        {task.leadCount > 1 && (
          <Text size="sm">
            {counted(task.leadCount, "lead")} went out in this {task.shape === "file" ? "file" : "request"}; the first
            one is:
          </Text>
        )}
        <dl className={classes.terms}>
          {Object.entries(task.lead).map(([name, value]) => (
            <LeadTerm
              key={name}
              label={kind?.fields.find((field) => field.name === name)?.label ?? name}
              value={value}
            />
          ))}
        </dl>
        <div>
          <Group justify="space-between" align="center" gap={4} mb={4} wrap="nowrap">
            <Text size="sm" c="dimmed">
              What was sent{task.shape === "file" && " beside the file"}
              {kind && ` to ${pathOf(kind, task.shape)}`}
              {task.webhookRequested && ", with our webhook address"}
            </Text>
            {kind && (
              <CopyButton
                value={asCurl({ path: pathOf(kind, task.shape), shape: task.shape, body: task.request })}
                label="Copy as cURL"
              />
            )}
          </Group>
          <TextBlock label="Request as JSON" maxHeight="260px">
            {JSON.stringify(task.request, null, 2)}
          </TextBlock>
        </div>
      </Stack>
    </Section>
  );
}

function LeadTerm({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
