import { Anchor, Avatar, Group, List, Loader, Stack, Tabs, Text } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { CopyButton } from "@/app/_components/copy-button";
import { counted, figure } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import { TextBlock } from "@/app/_components/text-block";
import { EmailMark, emailTypeWords } from "@/app/tasks/_components/email-mark";
import { Countdown } from "@/app/tasks/[id]/_components/countdown";
import { Confidence, FIELDS, FieldTable } from "@/app/tasks/[id]/_components/field-table";
import { OutsideLink } from "@/app/tasks/[id]/_components/outside-link";
import { PeopleList, ProfileCard } from "@/app/tasks/[id]/_components/people-list";
import { QualificationCard } from "@/app/tasks/[id]/_components/qualification-card";
import { Part, Quiet } from "@/app/tasks/[id]/_components/result-values";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { criteriaByField } from "@/lib/sixtyfour/criterion-scores";
import { type ResultView, readResult } from "@/lib/sixtyfour/results";
import { type FoundEmail, type FoundPhone, isUsable } from "@/lib/sixtyfour/results/contacts";
import { findTaskKind, tierOf, timingOf } from "@/lib/sixtyfour/task-kinds";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** The result, laid out for reading; as JSON it is a tab away. */
export function ResultSection({ task }: { task: TaskDetail }) {
  if (task.status === "running" || task.status === "submitting") return <Waiting task={task} />;
  if (task.status !== "completed" || task.erasedAt) return null;
  const { kind, outputs, lead, shape } = task;
  // For many leads together it is unknown whose lead a value repeats.
  const view = readResult(task.result, { kind, outputs, lead: shape === "single" ? lead : {} });
  return (
    <Section title="Result">
      <Tabs defaultValue="read" keepMounted={false}>
        <Group justify="space-between" align="center" wrap="nowrap">
          <Tabs.List>
            <Tabs.Tab value="read">For reading</Tabs.Tab>
            <Tabs.Tab value="json">JSON</Tabs.Tab>
          </Tabs.List>
          <CopyButton value={JSON.stringify(task.result, null, 2)} label="Copy the JSON" />
        </Group>
        <Tabs.Panel value="read" pt="md">
          <Stack gap="lg">
            <ResultParts view={view} task={task} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="json" pt="md">
          <TextBlock label="Result as JSON" maxHeight="480px">
            {JSON.stringify(task.result, null, 2)}
          </TextBlock>
        </Tabs.Panel>
      </Tabs>
    </Section>
  );
}

function ResultParts({ view, task }: { view: ResultView; task: TaskDetail }) {
  const { emails, phones, qualification, profile, confidence, notes, findings, references, people, other } = view;
  const fields = view.fields.filter(({ name }) => !qualification?.fieldNames.includes(name));
  return (
    <>
      {!view.isFound && <NothingFound kind={task.kind} />}
      {qualification && <QualificationCard qualification={qualification} asked={criteriaByField(task.request)} />}
      {emails.map((email) => (
        <Email key={email.address} email={email} />
      ))}
      {phones.map((phone) => (
        <Phone key={phone.number} phone={phone} />
      ))}
      {profile && <ProfileCard profile={profile} />}
      {task.kind === "company_intelligence" && <CompanyHead lead={task.lead} />}
      {fields.length > 0 && <FieldTable fields={fields} label={FIELDS} />}
      {confidence !== null && (
        <Text component="div" size="sm" c="dimmed">
          Confidence in the whole result <Confidence share={confidence} />
        </Text>
      )}
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
      {references.length > 0 && <References references={references} />}
      {people.length > 0 && <PeopleList people={people} />}
      {other.length > 0 && <FieldTable fields={other} label="Other" />}
    </>
  );
}

function NothingFound({ kind }: { kind: string }) {
  return (
    <Text size="sm">
      {findTaskKind(kind)?.lookedUpBy
        ? "Nobody was found."
        : "Nothing was found. More details about the lead, such as a company website or a LinkedIn URL, often help."}
    </Text>
  );
}

function Email({ email: { address, status, type } }: { email: FoundEmail }) {
  return (
    <Group gap="xs">
      {isUsable({ address, status, type }) ? (
        <Anchor href={`mailto:${encodeURIComponent(address).replace("%40", "@")}`} fw={600} className="break-anywhere">
          {address}
        </Anchor>
      ) : (
        <Text size="sm" c="dimmed" className="break-anywhere">
          {address}
        </Text>
      )}
      <CopyButton value={address} label="Copy email" />
      <EmailMark status={status} />
      {type && <Quiet>{emailTypeWords(type)}</Quiet>}
    </Group>
  );
}

function Phone({ phone: { number, region } }: { phone: FoundPhone }) {
  return (
    <Group gap="xs">
      <Anchor href={`tel:${number.replace(/[^\d+]/g, "")}`} fw={600} className="tabular">
        {number}
      </Anchor>
      <CopyButton value={number} label="Copy phone" />
      {region && <Quiet>{region}</Quiet>}
    </Group>
  );
}

function References({ references }: { references: ResultView["references"] }) {
  return (
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
  );
}

function Waiting({ task }: { task: TaskDetail }) {
  const { progress } = task;
  const { typicalTime } = timingOf(task.kind, tierOf(task.request));
  return (
    <Section title="Result">
      <Stack gap="xs">
        <Group gap="sm" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm" c="dimmed">
            {progress
              ? `Sixtyfour has processed ${figure(progress.completed)} of ${counted(progress.total, "lead")}. `
              : `Sixtyfour is working on it. ${task.shape === "file" ? "" : `This usually takes ${typicalTime}. `}`}
            The result appears here automatically.
          </Text>
        </Group>
        {task.nextPollAt && (
          <Text size="sm" c="dimmed">
            {task.webhookRequested ? "If the webhook does not arrive, the task is polled" : "The task is polled"}{" "}
            automatically <Countdown iso={task.nextPollAt} passed="now" />.
          </Text>
        )}
      </Stack>
    </Section>
  );
}

/** The company that the fields and the people are about, as it was sent. */
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
