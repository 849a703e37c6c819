"use client";

import { Badge, Button, Checkbox, Code, Popover, Stack, Table, Text } from "@mantine/core";
import { useActionState } from "react";
import { Time } from "@/app/_components/time";
import { revokeToken } from "@/app/settings/api-tokens/actions";
import type { ApiTokenView } from "@/lib/api-tokens/list";

export function TokenTable({ tokens }: { tokens: ApiTokenView[] }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing="sm" horizontalSpacing={0} aria-label="API tokens, newest first">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What it is for</Table.Th>
            <Table.Th>Begins with</Table.Th>
            <Table.Th>Made</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th ta="end">State</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map(({ id, name, prefix, createdAt, lastUsedAt, revokedAt }) => (
            <Table.Tr key={id}>
              <Table.Td className="break-anywhere" fw={500}>
                {name}
              </Table.Td>
              <Table.Td>
                <Code>{prefix}…</Code>
              </Table.Td>
              <Table.Td>
                <Time iso={createdAt} />
              </Table.Td>
              <Table.Td>
                {lastUsedAt ? (
                  <Time iso={lastUsedAt} />
                ) : (
                  <Text span size="sm" c="dimmed">
                    Never
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="end">
                {revokedAt ? (
                  <Badge variant="light" color="gray" tt="none" fw={500}>
                    Revoked
                  </Badge>
                ) : (
                  <RevokePopover id={id} name={name} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function RevokePopover({ id, name }: { id: string; name: string }) {
  const [state, action, isPending] = useActionState(revokeToken, null);
  return (
    <Popover width={280} position="bottom-end" withArrow trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" size="xs" aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Revoke ${name}`}>
        <form action={action}>
          <input type="hidden" name="tokenId" value={id} />
          <Stack gap="sm" align="flex-start">
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
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
