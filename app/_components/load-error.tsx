"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";

interface LoadErrorProps {
  title: string;
  error: Error;
  /** What it means for the reader, after the error's own words. */
  note?: string | undefined;
  retry: () => void;
}

/** Says that something could not be loaded, and offers to try again. */
export function LoadError({ title, error, note, retry }: LoadErrorProps) {
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={title} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {error.message} {note}
        </Text>
        <Button size="xs" variant="default" onClick={() => retry()}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
