"use client";

import { Button, Group, Text, TextInput } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { Section } from "@/app/_components/section";
import { keepFor } from "@/app/settings/retention/actions";
import type { Retention } from "@/lib/settings/retention";

/** For how many days payloads are kept. */
export function RetentionForm({ retention: { days, by } }: { retention: Retention }) {
  const { state, failure, isPending, form } = useFormAction(keepFor, null);
  return (
    <Section title="Payloads of webhooks">
      <form {...form}>
        <Group align="flex-start" gap="sm">
          <TextInput
            name="days"
            label="Keep them for so many days"
            description={<Now days={days} by={by} />}
            defaultValue={by === "admin" ? String(days) : ""}
            key={`${by} ${days}`}
            error={state && "error" in state ? state.error : undefined}
            inputMode="numeric"
            autoComplete="off"
            inputWrapperOrder={["label", "input", "description", "error"]}
            w={320}
            maw="100%"
          />
          <Button type="submit" variant="default" mt={{ base: 0, xs: 25 }} loading={isPending}>
            Keep so
          </Button>
        </Group>
        <ActionFailureMessage of={failure} />
        {!failure && state && "done" in state && (
          <Text size="sm" role="status" mt="xs">
            It is set. What is older is deleted within minutes.
          </Text>
        )}
      </form>
    </Section>
  );
}

function Now({ days, by }: Retention) {
  if (by === "admin") return <>Empty leaves it to the variable RETENTION_DAYS.</>;
  if (by === "variable") return <>Now {days} days, as the variable RETENTION_DAYS says.</>;
  return <>Now they are kept for ever.</>;
}
