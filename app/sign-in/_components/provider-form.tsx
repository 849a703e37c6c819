"use client";

import { Button, Text } from "@mantine/core";
import { IconBrandGithub, IconBrandGoogle } from "@tabler/icons-react";
import type { Route } from "next";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { signInWithProvider } from "@/app/sign-in/actions";
import type { ProviderId } from "@/lib/env";

const LOOKS = {
  github: { name: "GitHub", icon: <IconBrandGithub size={18} aria-hidden /> },
  google: { name: "Google", icon: <IconBrandGoogle size={18} aria-hidden /> },
};

/** Goes to a provider to sign in there. */
export function ProviderForm({ provider, next }: { provider: ProviderId; next: Route }) {
  const { state, failure, isPending, form } = useFormAction(signInWithProvider, null);
  const { name, icon } = LOOKS[provider];
  return (
    <form {...form}>
      <input type="hidden" name="next" value={next} />
      <input type="hidden" name="provider" value={provider} />
      <Button type="submit" variant="default" fullWidth leftSection={icon} loading={isPending}>
        {`Continue with ${name}`}
      </Button>
      {state && "error" in state && (
        <Text size="sm" role="alert" mt="xs">
          {state.error}
        </Text>
      )}
      <ActionFailureMessage of={failure} repeat="Try again." />
    </form>
  );
}
