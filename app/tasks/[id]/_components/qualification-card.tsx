import { Group, Table, Text } from "@mantine/core";
import { Mark } from "@/app/_components/mark";
import { Part, Quiet } from "@/app/tasks/[id]/_components/result-values";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { type Qualification, verdictWords } from "@/lib/sixtyfour/results/qualification";

/** The verdict on a lead, its score, the reasons, and the scores of single criteria where they were asked for. */
export function QualificationCard({
  qualification,
  criterionNames,
}: {
  qualification: Qualification;
  /** Names of the criteria by their fields. */
  criterionNames: Map<string, string>;
}) {
  const { verdict, isQualified, score, reason, recommendation, criteria } = qualification;
  const color = isQualified === null ? "gray" : isQualified ? "green" : "red";
  return (
    <Part title="Verdict">
      <Group gap="xs" mb={reason || recommendation ? "xs" : 0}>
        {verdict && <Mark color={color}>{verdictWords(qualification)}</Mark>}
        {score !== null && (
          <Text fw={600} className="tabular">
            {score} of 10
          </Text>
        )}
      </Group>
      {reason && (
        <Text size="sm" className="break-anywhere">
          {reason}
        </Text>
      )}
      {recommendation && (
        <Text size="sm" mt={4} className="break-anywhere">
          <Quiet>Recommendation:</Quiet> {recommendation}
        </Text>
      )}
      {criteria.length > 0 && (
        <Table className={classes.fields} aria-label="Criteria" horizontalSpacing={0} verticalSpacing="xs" mt="sm">
          <Table.Tbody>
            {criteria.map((criterion) => (
              <Table.Tr key={criterion.field}>
                <Table.Th scope="row">{criterionNames.get(criterion.field) ?? criterion.name}</Table.Th>
                <Table.Td className="tabular">
                  {criterion.score === null ? criterion.value : `${criterion.score} of 10`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  );
}
