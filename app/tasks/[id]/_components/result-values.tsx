import { Card, Code, SimpleGrid, Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import { OutsideLink } from "@/app/tasks/[id]/_components/outside-link";
import { Picture } from "@/app/tasks/[id]/_components/picture";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { isMediaUrl } from "@/lib/sixtyfour/media";
import { readRecords, readValue, saysSomething } from "@/lib/sixtyfour/results/values";

/** What goes deeper than this is shown as JSON. */
const MAX_DEPTH = 2;

/** Things with facts of their own, a card each. */
export function Cards({ records, depth }: { records: Record<string, unknown>[]; depth: number }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: depth === 0 ? Math.min(2, records.length) : 1 }} spacing="sm">
      {records.map((record, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no id, come in one piece and never change places.
        <RecordCard key={index} record={record} depth={depth} />
      ))}
    </SimpleGrid>
  );
}

export function RecordCard({ record, depth = 0 }: { record: Record<string, unknown>; depth?: number }) {
  return (
    <Card withBorder padding="sm" className={classes.card}>
      <RecordFacts record={record} depth={depth} />
    </Card>
  );
}

export function RecordFacts({ record, depth }: { record: Record<string, unknown>; depth: number }) {
  return (
    <dl className={classes.facts}>
      {Object.entries(record).map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name.replaceAll("_", " ")}</dt>
          <dd>
            <Value value={value} name={name} depth={depth + 1} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** A value of any shape, as a person would write it. */
export function Value({ value: given, name = "", depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  const value = readValue(given);
  if (!saysSomething(value) && typeof value !== "boolean") return <Quiet>Not found</Quiet>;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return <span className="tabular">{figure(value)}</span>;
  if (typeof value === "string" && isMediaUrl(value)) return <Picture url={value} name={name} />;
  if (typeof value === "string" && /^https?:\/\/\S+$/.test(value)) return <OutsideLink url={value} />;
  const records = depth > MAX_DEPTH ? null : readRecords(value);
  if (records) return <Cards records={records} depth={depth} />;
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.map(String).join(", ");
  return <Code block>{JSON.stringify(value, null, 2)}</Code>;
}

/** What may well be a year has no comma. */
function figure(value: number): string {
  const isYear = Number.isInteger(value) && value >= 1700 && value <= 2100;
  return isYear ? String(value) : value.toLocaleString("en-US");
}

/** A piece of a result under a small heading. */
export function Part({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <div>
      <Text component="div" size="xs" c="dimmed" fw={600} mb={6}>
        {title}
      </Text>
      {children}
    </div>
  );
}

/** What is said beside what matters. */
export function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text span size="sm" c="dimmed">
      {children}
    </Text>
  );
}
