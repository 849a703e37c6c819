import { Alert, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Section } from "@/app/_components/section";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import { ResultLine } from "@/app/tasks/_components/result-summary";
import { ResultSection } from "@/app/tasks/[id]/_components/result-section";
import { Quiet } from "@/app/tasks/[id]/_components/result-values";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { summarizeResult } from "@/lib/sixtyfour/results/summary";
import { describeMismatch, describeOtherName, resultsByLead } from "@/lib/tasks/lead-result";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** The results of a bulk task, each beside its lead. Where their number differs, none is assigned to a lead. */
export function BulkResultSection({ task }: { task: TaskDetail }) {
  // Its leads have gone on to another task, or it has none yet: then it is shown like any other.
  if (task.status !== "completed" || task.leads.length === 0) return <ResultSection task={task} />;
  const { results, otherNames, mismatch } = resultsByLead({ shape: "bulk", result: task.result }, task.leads);
  if (mismatch) {
    return (
      <>
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="The results don’t match the leads">
          <Text size="sm">{describeMismatch(mismatch)} The whole answer is shown below.</Text>
        </Alert>
        <ResultSection task={task} />
      </>
    );
  }
  const asked = { kind: task.kind, outputs: task.outputs };
  return (
    <Section title="Result">
      <Table className={classes.fields} horizontalSpacing={0} verticalSpacing="xs" aria-label="Results by lead">
        <Table.Tbody>
          {task.leads.map(({ id, fields }, index) => (
            <Table.Tr key={id}>
              <Table.Th scope="row">{leadTitle({ lead: fields, erasedAt: null }).title}</Table.Th>
              <Table.Td>
                <ResultLine summary={summarizeResult(results[index], { ...asked, lead: fields })} />
                <OtherName name={otherNames[index] ?? null} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function OtherName({ name }: { name: string | null }) {
  return name && <Quiet>{describeOtherName(name)}</Quiet>;
}
