import { Table, Text } from "@mantine/core";
import { Section } from "@/app/_components/section";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import type { DeliveryDetail } from "@/lib/deliveries/delivery-view";

/** The headers that are kept. What they say is the sender's word: the signature covers the body alone. */
export function HeadersSection({ headers }: Pick<DeliveryDetail, "headers">) {
  return (
    <Section title="Headers">
      {headers.length === 0 ? (
        <Text size="sm" c="dimmed">
          None are kept.
        </Text>
      ) : (
        <Table className={classes.fields} aria-label="Headers" horizontalSpacing={0} verticalSpacing="xs">
          <Table.Tbody>
            {headers.map(({ name, value }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" pe="md">
                  {name}
                </Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
