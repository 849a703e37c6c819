import { Badge, Table } from "@mantine/core";
import { Cards, Part, Value } from "@/app/tasks/[id]/_components/result-values";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import type { FoundField } from "@/lib/sixtyfour/results/source";
import { readRecords } from "@/lib/sixtyfour/results/values";

/** The label of output fields, which need no other one beside their names. */
export const FIELDS = "Fields";

/** Plain values stand in a table. Records need the room of the page, so they stand below. */
export function FieldTable({ fields, label }: { fields: FoundField[]; label: string }) {
  const nested = fields.flatMap((field) => {
    const records = readRecords(field.value);
    return records ? [{ ...field, records }] : [];
  });
  const plain = fields.filter(({ value }) => !readRecords(value));
  return (
    <>
      {plain.length > 0 && (
        <Part title={label}>
          <Table className={classes.fields} aria-label={label} horizontalSpacing={0} verticalSpacing="xs">
            <Table.Tbody>
              {plain.map(({ name, value, confidence }) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row">{name}</Table.Th>
                  <Table.Td>
                    <Value value={value} name={name} />
                  </Table.Td>
                  {confidence !== null && (
                    <Table.Td ta="end" w={60}>
                      <Confidence share={confidence} />
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Part>
      )}
      {nested.map(({ name, records, confidence }) => (
        <Part
          key={name}
          title={
            <>
              {label === FIELDS ? name : `${label}: ${name}`} {confidence !== null && <Confidence share={confidence} />}
            </>
          }
        >
          <Cards records={records} depth={0} />
        </Part>
      ))}
    </>
  );
}

/** Confidence in percent, the one scale of all screens. */
export function Confidence({ share }: { share: number }) {
  return (
    <Badge variant="default" size="sm" fw={500} className="tabular" title="Confidence">
      {Math.round(share * 100)}%
    </Badge>
  );
}
