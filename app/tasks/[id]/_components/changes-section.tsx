import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { AnchorLink } from "@/app/_components/links";
import { Section } from "@/app/_components/section";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { taskHref } from "@/app/tasks/task-href";
import { type Change, compareLeads, compareResults } from "@/lib/exports/compare-results";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** Of a lead that was submitted again with changes: what was changed, and what that has changed. */
export function ChangesSection({ task }: { task: TaskDetail }) {
  const { earlier } = task;
  if (!earlier || task.erasedAt) return null;
  const kind = findTaskKind(task.kind);
  const labelOf = (name: string) => kind?.fields.find((field) => field.name === name)?.label ?? name;
  const leadChanges = compareLeads(earlier.lead, task.lead).map((change) => ({
    ...change,
    name: labelOf(change.name),
  }));
  const isKnown = task.status === "completed" && earlier.result !== null;
  const resultChanges = isKnown ? compareResults(earlier.result, task.result, { kind: task.kind }) : [];
  return (
    <Section title="What changed">
      <Stack gap="md">
        <Text size="sm">
          Submitted again, going by{" "}
          {earlier.taskId ? (
            <AnchorLink href={taskHref(earlier.taskId)} inherit>
              an earlier task
            </AnchorLink>
          ) : (
            "an earlier task"
          )}
          .
        </Text>
        {leadChanges.length > 0 && <ChangeTable label="What was submitted" changes={leadChanges} />}
        {resultChanges.length > 0 && <ChangeTable label="What was found" changes={resultChanges} />}
        {isKnown && resultChanges.length === 0 && <Text size="sm">The same was found as before.</Text>}
        {!isKnown && (
          <Text size="sm" c="dimmed">
            {earlier.result === null
              ? "The earlier one has no result to compare with."
              : "What it has changed is told when the result is here."}
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function ChangeTable({ label, changes }: { label: string; changes: Change[] }) {
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600} mb={6} aria-hidden>
        {label}
      </Text>
      <Table className={classes.fields} aria-label={label} horizontalSpacing={0} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <VisuallyHidden>Field</VisuallyHidden>
            </Table.Th>
            <Table.Th scope="col">Before</Table.Th>
            <Table.Th scope="col">Now</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map(({ name, before, after }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td c="dimmed">{before ?? "Nothing"}</Table.Td>
              <Table.Td>{after ?? "Nothing"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
