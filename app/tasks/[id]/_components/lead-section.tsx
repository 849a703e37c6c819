import { Code, Spoiler, Stack, Text } from "@mantine/core";
import { counted } from "@/app/_components/figures";
import { Section } from "@/app/tasks/[id]/_components/section";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
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
          <Text size="sm" c="dimmed" mb={4}>
            What was sent{task.shape === "file" && " beside the file"}
            {kind && ` to ${pathOf(kind, task.shape)}`}
            {task.webhookRequested && ", with our webhook address"}
          </Text>
          <Spoiler maxHeight={180} showLabel="Show all" hideLabel="Show less">
            <Code block className="break-anywhere">
              {JSON.stringify(task.request, null, 2)}
            </Code>
          </Spoiler>
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
