import { Avatar, Card, Group, SimpleGrid, Text } from "@mantine/core";
import { CopyButton } from "@/app/_components/copy-button";
import { OutsideLink } from "@/app/tasks/[id]/_components/outside-link";
import { Part, Quiet, RecordCard, RecordFacts } from "@/app/tasks/[id]/_components/result-values";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { type Profile, readProfile } from "@/lib/sixtyfour/results/profiles";

/** The people of a company, a card each. */
export function PeopleList({ people }: { people: Record<string, unknown>[] }) {
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

/** A person: name, job, place, how to get in touch, and whatever else is known. */
export function ProfileCard({ profile }: { profile: Profile }) {
  const { name, title, company, location, linkedin, email, phone, score, rest } = profile;
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
            {score !== null && (
              <Text size="sm" c="dimmed" ms="auto" className="tabular" style={{ whiteSpace: "nowrap" }}>
                Fit {score} of 10
              </Text>
            )}
          </Group>
          <Text size="sm" className="break-anywhere">
            {[title, company].filter(Boolean).join(", ") || <Quiet>No title found</Quiet>}
          </Text>
          {location && (
            <Text size="sm" c="dimmed" className="break-anywhere">
              {location}
            </Text>
          )}
          {email && <Contact value={email} label="Copy email" />}
          {phone && <Contact value={phone} label="Copy phone" />}
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

function Contact({ value, label }: { value: string; label: string }) {
  // A long address breaks before its @ rather than within a word.
  const [local, ...domain] = value.split("@");
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="sm" className="break-anywhere">
        {local}
        {domain.length > 0 && (
          <>
            <wbr />@{domain.join("@")}
          </>
        )}
      </Text>
      <CopyButton value={value} label={label} />
    </Group>
  );
}
