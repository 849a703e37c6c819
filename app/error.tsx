"use client";

import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { ButtonLink } from "@/app/_components/links";

/** What a page shows when it breaks. The digest finds the cause in the server's log. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Stack align="flex-start" maw={520} role="alert">
      <Title order={1} size="h2">
        This page could not be shown
      </Title>
      <Text c="dimmed">
        The fault is on our side. Tasks and results are safe: they are stored whether or not this page shows.
        {error.digest && (
          <>
            {" "}
            The log names it <Code>{error.digest}</Code>.
          </>
        )}
      </Text>
      {/* The sentence of proxy.ts, for whoever runs the proxy in front of the app. */}
      {error.message.includes("X-Forwarded-Host") && <Text>{error.message}</Text>}
      <Group>
        <Button onClick={reset}>Try again</Button>
        <ButtonLink href="/" variant="default">
          Go to all tasks
        </ButtonLink>
      </Group>
    </Stack>
  );
}
