"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { RefusedError } from "@/app/fetch-json";
import { signInHref } from "@/app/sign-in/sign-in-href";

interface LoadErrorProps {
  title: string;
  error: Error;
  /** What it means for the reader, after the error's own words. */
  note?: string | undefined;
  retry: () => void;
}

/** A load of the page anew: who signs in may be somebody else, and must not see what is in this one's memory. */
function signInAndComeBack(): void {
  window.location.assign(signInHref(window.location.pathname + window.location.search));
}

/** Says that something could not be loaded, and offers to try again. */
export function LoadError({ title, error, note, retry }: LoadErrorProps) {
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={title} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {error.message} {note}
        </Text>
        {error instanceof RefusedError && error.status === 401 ? (
          <Button size="xs" variant="default" onClick={signInAndComeBack}>
            Sign in
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => retry()}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
