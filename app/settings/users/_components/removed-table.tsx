"use client";

import { Button, Text } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { type DataColumn, DataTable } from "@/app/_components/data-table";
import { Section } from "@/app/_components/section";
import { Time } from "@/app/_components/time";
import { allowUserAgain } from "@/app/settings/users/actions";
import type { RemovedUserView } from "@/lib/access/removed-users";

const columns: DataColumn<RemovedUserView>[] = [
  {
    id: "email",
    header: "Who",
    cell: (row) => (
      <div className="break-anywhere">
        <Text size="sm" fw={500}>
          {row.email}
        </Text>
        <Text size="xs" c="dimmed">
          removed by {row.removedBy}
        </Text>
      </div>
    ),
  },
  {
    id: "removedAt",
    header: "Removed",
    width: 140,
    isLabelledOnCard: true,
    cell: (row) => (
      <Text size="sm" component="div">
        <Time iso={row.removedAt} />
      </Text>
    ),
  },
  { id: "allow", header: "Allow again", width: 160, cell: (row) => <AllowAgain email={row.email} /> },
];

/** Removed users, newest first. GitHub and Google bring none of them in until an admin allows it. */
export function RemovedTable({ users }: { users: RemovedUserView[] }) {
  return (
    <Section title="Removed users">
      <DataTable label="Removed users, newest first" columns={columns} rows={users} getRowId={({ email }) => email} />
    </Section>
  );
}

function AllowAgain({ email }: { email: string }) {
  const { state, failure, isPending, form } = useFormAction(allowUserAgain, null);
  return (
    <form {...form}>
      <input type="hidden" name="email" value={email} />
      <Button type="submit" size="xs" variant="default" loading={isPending} aria-label={`Allow ${email} again`}>
        Allow again
      </Button>
      <ActionFailureMessage of={failure} />
      {!failure && state && (
        <Text size="sm" role="alert">
          {state.error}
        </Text>
      )}
    </form>
  );
}
