"use client";

import { Badge, Button, Checkbox, Code, Stack, Text } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { type DataColumn, DataTable } from "@/app/_components/data-table";
import { Time } from "@/app/_components/time";
import { revokeToken } from "@/app/settings/api-tokens/actions";
import classes from "@/app/settings/settings.module.css";
import type { ApiTokenView } from "@/lib/api-tokens/list";

const columns: DataColumn<ApiTokenView>[] = [
  {
    id: "name",
    header: "What it is for",
    cell: (row) => (
      <div className="break-anywhere">
        <Text size="sm" fw={500}>
          {row.name}
        </Text>
        <Text size="xs" c="dimmed">
          {row.scopes.join(", ")}
          {row.createdBy !== null && `, by ${row.createdBy}`}
        </Text>
      </div>
    ),
  },
  {
    id: "prefix",
    header: "Begins with",
    width: 160,
    isLabelledOnCard: true,
    cell: (row) => <Code>{row.prefix}…</Code>,
  },
  { id: "createdAt", header: "Made", width: 120, isLabelledOnCard: true, cell: (row) => <When iso={row.createdAt} /> },
  {
    id: "expiresAt",
    header: "Expires",
    width: 120,
    isLabelledOnCard: true,
    cell: (row) => <When iso={row.expiresAt} />,
  },
  {
    id: "lastUsedAt",
    header: "Last used",
    width: 120,
    isLabelledOnCard: true,
    cell: (row) => <When iso={row.lastUsedAt} />,
  },
  {
    id: "state",
    header: "State",
    width: 200,
    cell: (row) => <State token={row} />,
  },
];

/** Who may use the API, newest first. */
export function TokenTable({ tokens }: { tokens: ApiTokenView[] }) {
  return <DataTable label="API tokens, newest first" columns={columns} rows={tokens} getRowId={({ id }) => id} />;
}

function When({ iso }: { iso: string | null }) {
  return (
    <Text size="sm" component="div" c={iso ? undefined : "dimmed"}>
      {iso ? <Time iso={iso} /> : "Never"}
    </Text>
  );
}

/** Folded away with native parts, and not in a popover, so that it works before JavaScript has loaded. */
function State({ token: { id, name, revokedAt, isExpired } }: { token: ApiTokenView }) {
  const { state, failure, isPending, form } = useFormAction(revokeToken, null);
  if (revokedAt || isExpired) {
    return (
      <Badge variant="light" color="gray" tt="none" fw={500}>
        {revokedAt ? "Revoked" : "Expired"}
      </Badge>
    );
  }
  return (
    <details>
      <summary aria-label={`Revoke ${name}`} className={classes.summary}>
        Revoke
      </summary>
      <form {...form}>
        <input type="hidden" name="tokenId" value={id} />
        <Stack gap="xs" align="flex-start" mt="xs">
          <Text size="sm">Whatever uses this token is refused from then on.</Text>
          <Checkbox name="sure" required label="I mean it" />
          <Button type="submit" size="xs" color="red" variant="outline" loading={isPending}>
            Revoke it
          </Button>
          {state && (
            <Text size="sm" role="alert">
              {state.error}
            </Text>
          )}
          <ActionFailureMessage of={failure} />
        </Stack>
      </form>
    </details>
  );
}
