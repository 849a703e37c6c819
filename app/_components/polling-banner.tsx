import { Alert, Code, Container, Stack, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import type { WebhookTarget } from "@/lib/env";

const MISSING: Record<NonNullable<WebhookTarget["missing"]>, string> = {
  app_url_unset: "APP_URL is not set, so Sixtyfour has no address to call.",
  app_url_not_https: "APP_URL is not an https address, and Sixtyfour calls no other.",
};

/** Shown while no webhook can reach us: what happens instead, and the mend. */
export function PollingBanner({ missing }: { missing: NonNullable<WebhookTarget["missing"]> }) {
  return (
    <Container size="xl" pt="md">
      <Alert
        color="yellow"
        icon={<IconPlugConnectedX aria-hidden />}
        title="Results are polled, not delivered by webhook"
      >
        <Stack gap="xs">
          <Text size="sm">
            {MISSING[missing]} This app asks for each open task's result by itself meanwhile, so results still arrive, a
            little later.
          </Text>
          <Text size="sm">
            For webhooks, set <Code>APP_URL</Code> to the https address under which Sixtyfour reaches this app, and
            restart. On your own machine, <Code>npm run dev -- --tunnel</Code> gives it one.
          </Text>
        </Stack>
      </Alert>
    </Container>
  );
}
