"use client";

import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { accept } from "@/app/invitations/[token]/actions";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@/lib/access/password-length";

/** What a second press means where the answer to the first was lost. */
const ACCEPT_AGAIN = "Your account may exist already. If this link no longer works, sign in with your new password.";

/** Name and password of who was invited. */
export function AcceptForm({ token, email }: { token: string; email: string }) {
  const { state, failure, isPending, form } = useFormAction(accept, null);
  return (
    <form {...form}>
      <input type="hidden" name="token" value={token} />
      {/* For password managers: whose password it is. */}
      <input type="email" name="email" value={email} autoComplete="username" readOnly hidden />
      <Stack gap="md">
        {state && (
          <Alert color="red" role="alert">
            {state.error}
          </Alert>
        )}
        <TextInput
          name="name"
          label="Your name"
          defaultValue={state?.typed?.name}
          key={state?.typed?.name}
          autoComplete="name"
          maxLength={200}
          required
          withAsterisk={false}
        />
        <PasswordInput
          name="password"
          label="Password"
          description={`At least ${MIN_PASSWORD_LENGTH} characters: a few words will do.`}
          autoComplete="new-password"
          minLength={MIN_PASSWORD_LENGTH}
          maxLength={MAX_PASSWORD_LENGTH}
          required
          withAsterisk={false}
        />
        <ActionFailureMessage of={failure} repeat={ACCEPT_AGAIN} />
        <Button type="submit" loading={isPending}>
          Go to the dashboard
        </Button>
      </Stack>
    </form>
  );
}
