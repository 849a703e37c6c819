"use client";

import { Alert, Button, Code, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { CopyButton } from "@/app/_components/copy-button";
import { Section } from "@/app/_components/section";
import { inviteUser } from "@/app/settings/users/actions";

/** Makes a link for somebody, and shows it the one time that it can be seen. */
export function InviteForm() {
  const { state, failure, isPending, form } = useFormAction(inviteUser, null);
  // The admin's own address of the dashboard: people reach it under the one that admins do.
  const origin = useSyncExternalStore(
    () => () => {},
    () => window.location.origin,
    () => "",
  );
  const typed = state && "error" in state ? (state.typed?.email ?? "") : "";
  const link = state && "path" in state ? origin + state.path : "";
  return (
    <Section title="Invite somebody">
      <Stack gap="md">
        <form {...form}>
          <Group align="flex-start" gap="sm">
            <TextInput
              name="email"
              type="email"
              label="Email"
              placeholder="grace@example.com"
              defaultValue={typed}
              key={typed || link}
              error={state && "error" in state ? state.error : undefined}
              autoComplete="off"
              required
              withAsterisk={false}
              w={280}
              maw="100%"
            />
            <NativeSelect
              name="role"
              label="Role"
              data={[
                { value: "member", label: "Member" },
                { value: "admin", label: "Admin" },
              ]}
            />
            <Button type="submit" mt={25} loading={isPending}>
              Make a link
            </Button>
          </Group>
          <ActionFailureMessage of={failure} />
        </form>
        <Text size="sm" c="dimmed">
          You send the link yourself. For somebody who is a user already, it sets a new password.
        </Text>
        {state && "path" in state && (
          <Alert
            className="break-anywhere"
            color="green"
            icon={<IconLink aria-hidden />}
            title={`The link for ${state.email}`}
            role="status"
          >
            <Stack gap="xs">
              <Group gap="xs" wrap="nowrap">
                <Code className="break-anywhere">{link}</Code>
                <CopyButton value={link} label="Copy link" />
              </Group>
              <Text size="sm">It works once, within {state.lastsDays} days. Copy it now: it can’t be shown again.</Text>
            </Stack>
          </Alert>
        )}
      </Stack>
    </Section>
  );
}
