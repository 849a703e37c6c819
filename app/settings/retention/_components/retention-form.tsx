"use client";

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { Section } from "@/app/_components/section";
import { keepFor } from "@/app/settings/retention/actions";
import type { Retention, RetentionSetting } from "@/lib/settings/retention";

/** Sets for how many days webhooks are kept. */
export function RetentionForm({ retention: { deliveries, rejected } }: { retention: Retention }) {
  const { state, failure, isPending, form } = useFormAction(keepFor, null);
  return (
    <Section title="Webhooks">
      <form {...form}>
        <Stack gap="sm" align="flex-start">
          <Days name="days" label="Days to keep webhooks" variable="RETENTION_DAYS" setting={deliveries} />
          <Days
            name="rejectedDays"
            label="Days to keep rejected webhooks"
            variable="REJECTED_RETENTION_DAYS"
            setting={rejected}
          />
          <Text size="sm" c="dimmed">
            Enter a number of days, or “forever”. An empty field uses the variable.
          </Text>
          {state && "error" in state && (
            <Text size="sm" c="red" role="alert">
              {state.error}
            </Text>
          )}
          <Button type="submit" variant="default" loading={isPending}>
            Save retention
          </Button>
        </Stack>
        <ActionFailureMessage of={failure} />
        {!failure && state && "done" in state && (
          <Text size="sm" role="status" mt="xs">
            Saved. Older webhooks are deleted within minutes.
          </Text>
        )}
      </form>
    </Section>
  );
}

function Days({
  name,
  label,
  variable,
  setting: { days, by },
}: {
  name: string;
  label: string;
  variable: string;
  setting: RetentionSetting;
}) {
  const current = days === null ? "forever" : String(days);
  const now = days === null ? "They are kept forever" : `They are kept for ${days} days`;
  return (
    <TextInput
      name={name}
      label={label}
      description={by === "admin" ? `${now}, as set here.` : `${now}, by the variable ${variable} or its default.`}
      defaultValue={by === "admin" ? current : ""}
      key={`${by} ${current}`}
      autoComplete="off"
      inputWrapperOrder={["label", "input", "description", "error"]}
      w={360}
      maw="100%"
    />
  );
}
