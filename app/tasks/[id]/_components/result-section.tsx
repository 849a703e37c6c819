import { Anchor, Avatar, Badge, Card, Group, List, Loader, SimpleGrid, Stack, Table, Tabs, Text } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { CopyButton } from "@/app/_components/copy-button";
import { Mark } from "@/app/_components/mark";
import { Section } from "@/app/_components/section";
import { TextBlock } from "@/app/_components/text-block";
import { EmailMark } from "@/app/tasks/_components/email-mark";
import { Countdown } from "@/app/tasks/[id]/_components/countdown";
import { OutsideLink } from "@/app/tasks/[id]/_components/outside-link";
import { Cards, Part, Quiet, RecordCard, RecordFacts, Value } from "@/app/tasks/[id]/_components/result-values";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import {
  type FoundField,
  type Profile,
  type ResultView,
  readProfile,
  readRecords,
  readResult,
} from "@/lib/sixtyfour/results";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** The result, laid out for reading; as JSON it is a tab away. */
export function ResultSection({ task }: { task: TaskDetail }) {
  if (task.status === "running" || task.status === "submitting") return <Waiting task={task} />;
  if (task.status !== "completed" || task.erasedAt) return null;

  const lookedUpBy = findTaskKind(task.kind)?.lookedUpBy;
  const view = readResult(task.result, lookedUpBy);
  const { emails, phones, fields, confidenceScore, references, notes, findings, scores, people, rest } = view;
  const isJudged = scores.length > 0 || view.totalScore !== null || view.isQualified !== null;
  const isEmpty =
    [emails, phones, fields, references, findings, people, rest].every((part) => part.length === 0) &&
    !notes &&
    !isJudged;
  const profile = lookedUpBy ? readProfile(Object.fromEntries(rest.map(({ name, value }) => [name, value]))) : null;
  const json = JSON.stringify(task.result, null, 2);
  return (
    <Section title="Result">
      <Tabs defaultValue="read" keepMounted={false}>
        <Group justify="space-between" align="center" wrap="nowrap">
          <Tabs.List>
            <Tabs.Tab value="read">For reading</Tabs.Tab>
            <Tabs.Tab value="json">JSON</Tabs.Tab>
          </Tabs.List>
          <CopyButton value={json} label="Copy the JSON" />
        </Group>
        <Tabs.Panel value="read" pt="md">
          <Stack gap="lg">
            {isEmpty && (
              <Text size="sm">
                {lookedUpBy
                  ? "Nobody found."
                  : "Nothing found. More about the lead, such as a company website or a LinkedIn address, often helps."}
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
            {isJudged && <ScoreTable view={view} />}
            {task.kind === "company_intelligence" && <CompanyHead lead={task.lead} />}
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
            {people.length > 0 && <PeopleList people={people} />}
            {profile && <ProfileCard profile={profile} />}
            {rest.length > 0 && !profile && <FieldTable fields={rest} label="Also returned" />}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="json" pt="md">
          <TextBlock label="Result as JSON" maxHeight="480px">
            {json}
          </TextBlock>
        </Tabs.Panel>
      </Tabs>
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

/** Plain values stand in a table; what has facts of its own needs the room of the page, so it stands below. */
function FieldTable({ fields, label }: { fields: FoundField[]; label: string }) {
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
                    <Value value={value} />
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
              {name} {confidence !== null && <Confidence share={confidence} />}
            </>
          }
        >
          <Cards records={records} depth={0} />
        </Part>
      ))}
    </>
  );
}

function Confidence({ share }: { share: number }) {
  return (
    <Badge variant="default" size="sm" fw={500} className="tabular" title="Confidence">
      {Math.round(share * 100)}%
    </Badge>
  );
}

/** How a lead does by each criterion, and in all. */
function ScoreTable({ view: { scores, totalScore, isQualified } }: { view: ResultView }) {
  const points = (share: number) => Math.round(share * 100);
  return (
    <Part title="Scores">
      <Group gap="xs" mb="xs">
        {totalScore !== null && (
          <Text fw={600} className="tabular">
            {points(totalScore)} of 100
          </Text>
        )}
        {isQualified !== null && (
          <Mark color={isQualified ? "green" : "red"}>{isQualified ? "Qualified" : "Not qualified"}</Mark>
        )}
      </Group>
      {scores.length > 0 && (
        <Table className={classes.fields} aria-label="Scores" horizontalSpacing={0} verticalSpacing="xs">
          <Table.Tbody>
            {scores.map(({ name, score, weight, threshold, isPassed, reasoning }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  {name}
                  <Text size="xs" c="dimmed" className="tabular">
                    {[
                      weight === null ? null : `weight ${weight}`,
                      threshold === null ? null : `has to reach ${points(threshold)}`,
                    ]
                      .filter(Boolean)
                      .join(", ")}
                  </Text>
                </Table.Th>
                <Table.Td>{reasoning ?? <Quiet>No reason given</Quiet>}</Table.Td>
                <Table.Td ta="end" w={120}>
                  <span className="tabular">{score === null ? "No score" : `${points(score)} of 100`}</span>
                  {isPassed !== null && (
                    <Text size="xs" c={isPassed ? "dimmed" : "var(--mantine-color-error)"}>
                      {isPassed ? "Passed" : "Not passed"}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  );
}

/** Which company the fields and the people are about, as it was asked for. */
function CompanyHead({ lead }: { lead: Record<string, string> }) {
  const { company_name: name, website } = lead;
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar radius="md" color="iris" aria-hidden>
        <IconBuilding size={20} />
      </Avatar>
      <div className={classes.main}>
        <Text fw={600} className="break-anywhere">
          {name ?? website}
        </Text>
        {website && <OutsideLink url={website} />}
      </div>
    </Group>
  );
}

/** Who works there, a card a person. */
function PeopleList({ people }: { people: Record<string, unknown>[] }) {
  const profiles = people.map(readProfile);
  return (
    <Part title={`People (${people.length})`}>
      <SimpleGrid cols={{ base: 1, sm: Math.min(2, people.length) }} spacing="sm">
        {people.map((record, index) => {
          const profile = profiles[index];
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no id, come in one piece and never change places.
          return profile ? <ProfileCard key={index} profile={profile} /> : <RecordCard key={index} record={record} />;
        })}
      </SimpleGrid>
    </Part>
  );
}

/** A person: who, what, where, and whatever else is known. */
function ProfileCard({ profile: { name, title, company, location, linkedin, rest } }: { profile: Profile }) {
  return (
    <Card component="article" aria-label={name} withBorder padding="md" className={classes.card}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Avatar name={name} color="iris" aria-hidden />
        <div className={classes.main}>
          <Group gap={4}>
            <Text fw={600} className="break-anywhere">
              {name}
            </Text>
            <CopyButton value={name} label="Copy name" />
          </Group>
          <Text size="sm" className="break-anywhere">
            {[title, company].filter(Boolean).join(", ") || <Quiet>No title found</Quiet>}
          </Text>
          {location && (
            <Text size="sm" c="dimmed" className="break-anywhere">
              {location}
            </Text>
          )}
          {linkedin && <OutsideLink url={linkedin} />}
        </div>
      </Group>
      {rest.length > 0 && (
        <div className={classes.more}>
          <RecordFacts record={Object.fromEntries(rest)} depth={0} />
        </div>
      )}
    </Card>
  );
}
