"use client";

import { Badge, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { type DataColumn, DataTable } from "@/app/_components/data-table";
import { Time } from "@/app/_components/time";
import classes from "@/app/settings/settings.module.css";
import { remove, setRole } from "@/app/settings/users/actions";
import type { UserView } from "@/lib/access/users";

type Row = UserView & { isSelf: boolean };

const columns: DataColumn<Row>[] = [
  {
    id: "name",
    header: "Who",
    cell: (row) => (
      <div className="break-anywhere">
        <Text size="sm" fw={500}>
          {row.name}
          {row.isSelf && " (you)"}
        </Text>
        <Text size="xs" c="dimmed">
          {row.email}
        </Text>
      </div>
    ),
  },
  {
    id: "role",
    header: "Role",
    width: 110,
    cell: (row) => (
      <Badge variant="light" color={row.role === "admin" ? "indigo" : "gray"} tt="none" fw={500}>
        {row.role === "admin" ? "Admin" : "Member"}
      </Badge>
    ),
  },
  {
    id: "lastSignInAt",
    header: "Signed in",
    width: 140,
    isLabelledOnCard: true,
    cell: (row) => (
      <Text size="sm" component="div" c={row.lastSignInAt ? undefined : "dimmed"}>
        {row.lastSignInAt ? <Time iso={row.lastSignInAt} /> : "Not now"}
      </Text>
    ),
  },
  { id: "change", header: "Change", width: 240, cell: (row) => <Change user={row} /> },
];

/** Who may use the dashboard, by email. */
export function UserTable({ users, ownId }: { users: UserView[]; ownId: string }) {
  const rows = users.map((user) => ({ ...user, isSelf: user.id === ownId }));
  return <DataTable label="Users" columns={columns} rows={rows} getRowId={({ id }) => id} />;
}

/** Folded away with native parts, so that it works before JavaScript has loaded. */
function Change({ user: { id, email, role } }: { user: Row }) {
  const roleChange = useFormAction(setRole, null);
  const removal = useFormAction(remove, null);
  const other = role === "admin" ? "member" : "admin";
  return (
    <details>
      <summary aria-label={`Change ${email}`} className={classes.summary}>
        Role, remove
      </summary>
      <Stack gap="md" mt="xs">
        <form {...roleChange.form}>
          <input type="hidden" name="userId" value={id} />
          <input type="hidden" name="role" value={other} />
          <Button type="submit" size="xs" variant="default" loading={roleChange.isPending}>
            Make {other === "admin" ? "an admin" : "a member"}
          </Button>
          <Complaint state={roleChange.state} />
          <ActionFailureMessage of={roleChange.failure} />
        </form>
        <form {...removal.form}>
          <input type="hidden" name="userId" value={id} />
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              Signs them out at once, revokes their API tokens and open invitations, and keeps GitHub and Google from
              bringing them in again until an admin allows it. What they did stays in the audit log.
            </Text>
            <Group gap="sm">
              <Checkbox name="sure" required label="I mean it" />
              <Button type="submit" size="xs" color="red" variant="outline" loading={removal.isPending}>
                Remove
              </Button>
            </Group>
            <Complaint state={removal.state} />
            <ActionFailureMessage of={removal.failure} />
          </Stack>
        </form>
      </Stack>
    </details>
  );
}

function Complaint({ state }: { state: { error: string } | null }) {
  if (!state) return null;
  return (
    <Text size="sm" role="alert" mt={4}>
      {state.error}
    </Text>
  );
}
