import { Anchor, Badge, Code, Group, List, Loader, Spoiler, Stack, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyButton } from "@/app/_components/copy-button";
import { EmailMark } from "@/app/tasks/_components/email-mark";
import { Countdown } from "@/app/tasks/[id]/_components/countdown";
import { OutsideLink } from "@/app/tasks/[id]/_components/outside-link";
import { Section } from "@/app/tasks/[id]/_components/section";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { type FoundField, readResult } from "@/lib/sixtyfour/results";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** The result, laid out for reading; the JSON is at the end for those who want it. */
export function ResultSection({ task }: { task: TaskDetail }) {
  if (task.status === "running" || task.status === "submitting") return <Waiting task={task} />;
  if (task.status !== "completed" || task.erasedAt) return null;

  const { emails, phones, fields, confidenceScore, references, notes, findings, rest } = readResult(task.result);
  const isEmpty = [emails, phones, fields, references, findings, rest].every((part) => part.length === 0) && !notes;
  return (
    <Section title="Result">
      <Stack gap="lg">
        {isEmpty && (
          <Text size="sm">
            Nothing found. More about the lead, such as a company website or a LinkedIn address, often helps.
          </Text>
        )}
        {emails.map(({ address, status, type }) => (
          <Group key={address} gap="xs">
            <Anchor
              href={`mailto:${encodeURIComponent(address).replace("%40", "@")}`}
              fw={600}
              className="break-anywhere"
            >
              {address}
            </Anchor>
            <CopyButton value={address} label="Copy email" />
            <EmailMark status={status} />
            {type && <Quiet>{type === "PERSONAL" ? "Personal" : type === "COMPANY" ? "Company" : type}</Quiet>}
          </Group>
        ))}
        {phones.map((phone) => (
          <Group key={phone} gap="xs">
            <Anchor href={`tel:${phone.replace(/[^\d+]/g, "")}`} fw={600} className="tabular">
              {phone}
            </Anchor>
            <CopyButton value={phone} label="Copy phone" />
          </Group>
        ))}
        {fields.length > 0 && <FieldTable fields={fields} label="Fields" />}
        {confidenceScore !== null && <Quiet>Confidence of the whole: {confidenceScore} of 10</Quiet>}
        {notes && (
          <Part title="Notes">
            <Text size="sm" style={{ whiteSpace: "pre-line" }} className="break-anywhere">
              {notes}
            </Text>
          </Part>
        )}
        {findings.length > 0 && (
          <Part title="Findings">
            <List size="sm" spacing={4}>
              {findings.map((finding) => (
                <List.Item key={finding} className="break-anywhere">
                  {finding}
                </List.Item>
              ))}
            </List>
          </Part>
        )}
        {references.length > 0 && (
          <Part title="References">
            <ol className={classes.references}>
              {references.map(({ url, description }) => (
                <li key={url}>
                  <OutsideLink url={url} />
                  {description && (
                    <Text size="sm" c="dimmed" className="break-anywhere">
                      {description}
                    </Text>
                  )}
                </li>
              ))}
            </ol>
          </Part>
        )}
        {rest.length > 0 && <FieldTable fields={rest} label="Also returned" />}
        <Part title="JSON">
          <Spoiler maxHeight={120} showLabel="Show all" hideLabel="Show less">
            <Code block className="break-anywhere">
              {JSON.stringify(task.result, null, 2)}
            </Code>
          </Spoiler>
        </Part>
      </Stack>
    </Section>
  );
}

function Waiting({ task }: { task: TaskDetail }) {
  const kind = findTaskKind(task.kind);
  return (
    <Section title="Result">
      <Stack gap="xs">
        <Group gap="sm" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm" c="dimmed">
            On its way. {kind && `This usually takes ${kind.typicalTime}. `}It will show up here by itself.
          </Text>
        </Group>
        {task.nextPollAt && (
          <Text size="sm" c="dimmed">
            {task.webhookRequested ? "If no webhook has come, we ask Sixtyfour ourselves" : "We ask Sixtyfour"}{" "}
            <Countdown iso={task.nextPollAt} passed="now" />.
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function FieldTable({ fields, label }: { fields: FoundField[]; label: string }) {
  return (
    <Part title={label}>
      <Table className={classes.fields} aria-label={label} horizontalSpacing={0} verticalSpacing="xs">
        <Table.Tbody>
          {fields.map(({ name, value, confidence }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td>
                <Value value={value} />
              </Table.Td>
              {confidence !== null && (
                <Table.Td ta="end" w={90}>
                  <Badge variant="default" size="sm" fw={500} className="tabular" title="Confidence">
                    {Math.round(confidence * 100)}%
                  </Badge>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Part>
  );
}

/** A value of any shape, as a person would write it. */
function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === "") return <Quiet>Not found</Quiet>;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return <span className="tabular">{value.toLocaleString("en-US")}</span>;
  if (typeof value === "string") return /^https?:\/\/\S+$/.test(value) ? <OutsideLink url={value} /> : value;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.map(String).join(", ");
  return <Code block>{JSON.stringify(value, null, 2)}</Code>;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600} mb={6}>
        {title}
      </Text>
      {children}
    </div>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text span size="sm" c="dimmed">
      {children}
    </Text>
  );
}
