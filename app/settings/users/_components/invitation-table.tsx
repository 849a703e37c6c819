"use client";

import { Button, Text } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { type DataColumn, DataTable } from "@/app/_components/data-table";
import { Section } from "@/app/_components/section";
import { Time } from "@/app/_components/time";
import { takeBackInvitation } from "@/app/settings/users/actions";
import type { InvitationView } from "@/lib/access/invitations";

const columns: DataColumn<InvitationView>[] = [
  {
    id: "email",
    header: "For",
    cell: (row) => (
      <div className="break-anywhere">
        <Text size="sm" fw={500}>
          {row.email}
        </Text>
        <Text size="xs" c="dimmed">
          as {row.role === "admin" ? "an admin" : "a member"}, by {row.invitedBy}
        </Text>
      </div>
    ),
  },
  {
    id: "createdAt",
    header: "Made",
    width: 140,
    isLabelledOnCard: true,
    cell: (row) => (
      <Text size="sm" component="div">
        <Time iso={row.createdAt} />
      </Text>
    ),
  },
  { id: "revoke", header: "Take back", width: 140, cell: (row) => <TakeBack invitation={row} /> },
];

/** Links that have not been used yet, newest first. */
export function InvitationTable({ invitations }: { invitations: InvitationView[] }) {
  return (
    <Section title="Invited, not here yet">
      <DataTable label="Invitations, newest first" columns={columns} rows={invitations} getRowId={({ id }) => id} />
    </Section>
  );
}

function TakeBack({ invitation: { id, email } }: { invitation: InvitationView }) {
  const { state, failure, isPending, form } = useFormAction(takeBackInvitation, null);
  return (
    <form {...form}>
      <input type="hidden" name="invitationId" value={id} />
      <Button
        type="submit"
        size="xs"
        variant="default"
        loading={isPending}
        aria-label={`Take back the invitation of ${email}`}
      >
        Take back
      </Button>
      {state && (
        <Text size="sm" role="alert">
          {state.error}
        </Text>
      )}
      <ActionFailureMessage of={failure} isCompact />
    </form>
  );
}
