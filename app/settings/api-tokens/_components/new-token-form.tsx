"use client";

import { Alert, Button, Checkbox, Code, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { CopyButton } from "@/app/_components/copy-button";
import { Section } from "@/app/_components/section";
import { makeToken } from "@/app/settings/api-tokens/actions";

const SCOPES = [
  { value: "read", label: "Read leads and results", isDefault: true },
  { value: "submit", label: "Submit leads, which is charged", isDefault: true },
  { value: "admin", label: "Everything that admins may do", isDefault: false },
];

const EXPIRIES = [
  { value: "", label: "Never" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
];

/** What a second press means where the answer to the first was lost. */
const MAKE_AGAIN =
  "The token may have been created, but it can’t be shown again. Reload the page, revoke the token if it is listed, and create another one.";

/** Makes a token, and shows it the one time that it can be seen. */
export function NewTokenForm() {
  const { state, failure, isPending, form } = useFormAction(makeToken, null);
  return (
    <Section title="New token">
      <Stack gap="md">
        <form {...form}>
          <Group align="flex-start" gap="sm">
            <TextInput
              name="name"
              label="What it is for"
              placeholder="CRM import"
              error={state && "error" in state ? state.error : undefined}
              maxLength={100}
              autoComplete="off"
              w={320}
              maw="100%"
            />
            <NativeSelect name="expiresInDays" label="Expires" data={EXPIRIES} />
            <Button type="submit" mt={{ base: 0, xs: 25 }} loading={isPending}>
              Make a token
            </Button>
          </Group>
          <Group component="fieldset" gap="md" mt="sm" p={0} bd="none" aria-label="What the token may do">
            {SCOPES.map(({ value, label, isDefault }) => (
              <Checkbox key={value} name="scope" value={value} label={label} defaultChecked={isDefault} />
            ))}
          </Group>
          <ActionFailureMessage of={failure} repeat={MAKE_AGAIN} />
        </form>
        {state && "token" in state && (
          <Alert
            className="break-anywhere"
            color="green"
            icon={<IconKey aria-hidden />}
            title={`The token for ${state.name}`}
            role="status"
          >
            <Stack gap="xs">
              <Group gap="xs" wrap="nowrap">
                <Code className="break-anywhere">{state.token}</Code>
                <CopyButton value={state.token} label="Copy token" />
              </Group>
              <Text size="sm">Copy it now: it is not kept here, and can’t be shown again.</Text>
            </Stack>
          </Alert>
        )}
      </Stack>
    </Section>
  );
}
