"use client";

import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import type { Route } from "next";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { signInWithPassword } from "@/app/sign-in/actions";

/** Email and password. A plain form, so that it works before JavaScript has loaded. */
export function PasswordForm({ next }: { next: Route }) {
  const { state, failure, isPending, form } = useFormAction(signInWithPassword, null);
  return (
    <form {...form}>
      <input type="hidden" name="next" value={next} />
      <Stack gap="md">
        {state && (
          <Alert color="red" role="alert">
            {state.error}
          </Alert>
        )}
        <TextInput
          name="email"
          type="email"
          label="Email"
          defaultValue={state?.typed?.email}
          key={state?.typed?.email}
          autoComplete="username"
          required
          withAsterisk={false}
        />
        <PasswordInput name="password" label="Password" autoComplete="current-password" required withAsterisk={false} />
        <ActionFailureMessage of={failure} repeat="Try again." />
        <Button type="submit" loading={isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
