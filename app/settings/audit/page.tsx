import { Button, Center, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import type { Metadata, Route } from "next";
import { notFound } from "next/navigation";
import { ButtonLink } from "@/app/_components/links";
import { requirePage } from "@/app/access";
import { SettingsHeading } from "@/app/settings/_components/settings-heading";
import { AuditTable } from "@/app/settings/audit/_components/audit-table";
import { AUDIT_ACTIONS } from "@/lib/audit/audit-view";
import { listAudit } from "@/lib/audit/list";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";

export const metadata: Metadata = { title: "Audit log" };

/** Who did what. The address has the filter, and the page. */
export default async function AuditPage({ searchParams }: PageProps<"/settings/audit">) {
  await requirePage("admin");
  const { action, by, cursor } = await searchParams;
  const { events, nextCursor } = await listAudit(appContext(), { action, by, cursor }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "invalid_input") notFound();
    throw error;
  });
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const older = new URLSearchParams({ action: text(action), by: text(by), cursor: nextCursor ?? "" });
  return (
    <>
      <SettingsHeading title="Audit log">
        Who did what, newest first. Entries are never changed; failed sign-ins are deleted after the retention period.
      </SettingsHeading>
      <form action="/settings/audit">
        <Group align="flex-end" gap="sm">
          <NativeSelect
            name="action"
            label="What"
            defaultValue={text(action)}
            data={[
              { value: "", label: "Everything" },
              ...Object.entries(AUDIT_ACTIONS).map(([value, label]) => ({ value, label: capitalised(label) })),
            ]}
          />
          <TextInput name="by" label="Who" placeholder="ada@example.com" defaultValue={text(by)} autoComplete="off" />
          <Button type="submit" variant="default">
            Show
          </Button>
        </Group>
      </form>
      {events.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing of the kind has been done.
        </Text>
      ) : (
        <AuditTable events={events} />
      )}
      {nextCursor && (
        <Center>
          <ButtonLink href={`/settings/audit?${older}` as Route} variant="default">
            Show older ones
          </ButtonLink>
        </Center>
      )}
    </>
  );
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
