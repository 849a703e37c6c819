"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { Section } from "@/app/_components/section";
import { Time } from "@/app/_components/time";
import { allowUserAgain } from "@/app/settings/users/actions";
import type { RemovedUserView } from "@/lib/access/removed-users";

/** Removed users, newest first. GitHub and Google bring none of them in until an admin allows it. */
export function RemovedList({ users }: { users: RemovedUserView[] }) {
  return (
    <Section title="Removed users">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          GitHub and Google sign none of them in until you allow it. An invitation does the same.
        </Text>
        {users.map((user) => (
          <RemovedUser key={user.email} user={user} />
        ))}
      </Stack>
    </Section>
  );
}

function RemovedUser({ user: { email, removedBy, removedAt } }: { user: RemovedUserView }) {
  const { state, failure, isPending, form } = useFormAction(allowUserAgain, null);
  return (
    <Group justify="space-between" gap="sm">
      <div className="break-anywhere">
        <Text size="sm" fw={500}>
          {email}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          removed <Time iso={removedAt} />, by {removedBy}
        </Text>
      </div>
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
    </Group>
  );
}
