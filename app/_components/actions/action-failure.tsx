"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { ActionFailure } from "@/app/_components/actions/attempt";
import { failureWords, shortFailureText } from "@/app/_components/actions/failure-words";
import { reload } from "@/app/_components/connection/reload";

interface ActionFailureMessageProps {
  of: ActionFailure | null;
  /** The consequence of an action that may have been done, and of trying it again. Without it both are harmless. */
  repeat?: string | undefined;
  /** What reloading the page means, where that does not keep what was entered. */
  afterReload?: string;
  /** For a button in a row, where there is room for a few words. Only for what is harmless to repeat. */
  isCompact?: boolean;
}

/** Says beside a form why its action gave no answer, and what to do; takes the focus, since the button may be far away. */
export function ActionFailureMessage({ of: given, repeat, afterReload, isCompact }: ActionFailureMessageProps) {
  const message = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (given) message.current?.focus();
  }, [given]);
  if (!given) return null;
  if (isCompact)
    return (
      <Text size="xs" role="alert" ref={message} tabIndex={-1} mt={4} style={{ whiteSpace: "normal" }}>
        {shortFailureText(given)}
      </Text>
    );
  const { title, text } = failureWords(given, repeat, afterReload);
  return (
    <Alert color="orange" role="alert" title={title} ref={message} tabIndex={-1} my="xs" ta="start">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text}</Text>
        {given.failure === "new_version" && (
          <Button size="xs" variant="default" onClick={() => void reload()}>
            Reload
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
