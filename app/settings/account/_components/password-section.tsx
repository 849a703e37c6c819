"use client";

import { Alert, Button, PasswordInput, Stack } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { Section } from "@/app/_components/section";
import { setPassword } from "@/app/settings/account/actions";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@/lib/access/password-length";

/** What a second press means where the answer to the first was lost. */
const CHANGE_AGAIN = "The new password may be set already. If your current password is refused, use the new one.";

/** One's own password. */
export function PasswordSection({ email }: { email: string }) {
  const { state, failure, isPending, form } = useFormAction(setPassword, null);
  return (
    <Section title="Password">
      <form {...form}>
        <input type="email" name="email" value={email} autoComplete="username" readOnly hidden />
        <Stack gap="md" align="flex-start" maw={360}>
          <PasswordInput
            name="current"
            label="Current password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            w="100%"
          />
          <PasswordInput
            name="next"
            label="New password"
            description={`At least ${MIN_PASSWORD_LENGTH} characters. You stay signed in here, and nowhere else.`}
            autoComplete="new-password"
            minLength={MIN_PASSWORD_LENGTH}
            maxLength={MAX_PASSWORD_LENGTH}
            required
            withAsterisk={false}
            w="100%"
          />
          <Button type="submit" size="sm" variant="default" loading={isPending}>
            Change it
          </Button>
          <ActionFailureMessage of={failure} repeat={CHANGE_AGAIN} />
          {!failure && state && (
            <Alert color={"done" in state ? "green" : "red"} role={"done" in state ? "status" : "alert"}>
              {"done" in state ? "The new password is set." : state.error}
            </Alert>
          )}
        </Stack>
      </form>
    </Section>
  );
}
