"use client";

import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useConnection } from "@/app/_components/connection/connection";
import { reload } from "@/app/_components/connection/reload";
import { ButtonLink } from "@/app/_components/links";

/** Shown in place of a page that breaks, as the last resort. The digest finds the cause in the server's log. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  const { trouble, isOutdated } = useConnection();
  const isOld = isOutdated || isMissingCode(error);
  return (
    <Stack align="flex-start" maw={520} role="alert">
      <Title order={1} size="h2">
        {isOld ? "A new version is available" : "This page could not be shown"}
      </Title>
      <Text c="dimmed">
        {isOld ? "Reload the page to use it. " : "Your tasks and results are stored and safe. Reload the page. "}
        {trouble && "The server can’t be reached at the moment: the page loads when it is back. "}
        {error.digest && (
          <>
            If this happens again, give your admin the reference <Code>{error.digest}</Code>.
          </>
        )}
      </Text>
      <Group>
        <Button onClick={() => void reload()}>Reload</Button>
        <ButtonLink href="/" variant="default">
          Go to all tasks
        </ButtonLink>
      </Group>
    </Stack>
  );
}

/** Code of a page is gone once a newer build is deployed. */
function isMissingCode({ name, message }: Error): boolean {
  return name === "ChunkLoadError" || /failed to load chunk|loading chunk/i.test(message);
}
