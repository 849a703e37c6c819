import { Group, Table, Text } from "@mantine/core";
import { Mark } from "@/app/_components/mark";
import { Part, Quiet } from "@/app/tasks/[id]/_components/result-values";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { type Qualification, verdictWords } from "@/lib/sixtyfour/results/qualification";
import type { Criterion } from "@/lib/sixtyfour/task-options";

/** The verdict on a lead, its score, the reasons, and the scores of single criteria where they were asked for. */
export function QualificationCard({
  qualification,
  asked,
}: {
  qualification: Qualification;
  /** The criteria of the request, by the fields in which their scores were asked for. */
  asked: Map<string, Pick<Criterion, "criteria_name" | "threshold">>;
}) {
  const { verdict, isQualified, score, reason, recommendation, criteria } = qualification;
  const scored = new Set(criteria.map(({ field }) => field));
  const unscored = [...asked].filter(([field]) => !scored.has(field)).map(([, criterion]) => criterion);
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
        <Threshold>{thresholdWords(unscored, asked.size)}</Threshold>
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
                <Table.Th scope="row">{asked.get(criterion.field)?.criteria_name ?? criterion.name}</Table.Th>
                <Table.Td className="tabular">
                  {criterion.score === null ? criterion.value : `${criterion.score} of 10`}{" "}
                  <Threshold>{thresholdOf(asked.get(criterion.field))}</Threshold>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  );
}

/** `Threshold 0.7`; null for a criterion without one. */
function thresholdOf(criterion: Pick<Criterion, "threshold"> | undefined): string | null {
  return typeof criterion?.threshold === "number" ? `Threshold ${criterion.threshold}` : null;
}

/** The thresholds of criteria without a score of their own, named where the request has several criteria. */
function thresholdWords(criteria: Pick<Criterion, "criteria_name" | "threshold">[], askedCount: number): string | null {
  const words = criteria.flatMap((criterion) => {
    const threshold = thresholdOf(criterion);
    if (threshold === null) return [];
    return askedCount > 1 ? `${threshold} for ${criterion.criteria_name}` : threshold;
  });
  return words.join(" · ") || null;
}

function Threshold({ children }: { children: string | null }) {
  if (children === null) return null;
  return (
    <Text span size="xs" c="dimmed" className="break-anywhere">
      {children}
    </Text>
  );
}
