import { Anchor, Code, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { connection } from "next/server";
import { AnchorLink } from "@/app/_components/links";
import { NewTokenForm } from "@/app/settings/api-tokens/_components/new-token-form";
import { TokenTable } from "@/app/settings/api-tokens/_components/token-table";
import { listApiTokens } from "@/lib/api-tokens/list";
import { appContext } from "@/lib/context";

export const metadata: Metadata = { title: "API tokens" };

/** Tokens for programs that submit leads. */
export default async function ApiTokensPage() {
  await connection();
  const tokens = await listApiTokens(appContext());
  return (
    <Stack gap="lg" maw={960} mx="auto">
      <div>
        <Title order={1} size="h2">
          API tokens
        </Title>
        <Text c="dimmed">
          Programs submit leads with <Code>POST /api/submissions</Code>, and a token made here. The{" "}
          <Anchor href="/api/openapi.json" inherit underline="always">
            OpenAPI document
          </Anchor>{" "}
          describes it all. Whether this app is fit for production, the{" "}
          <AnchorLink href="/setup" inherit>
            setup page
          </AnchorLink>{" "}
          shows.
        </Text>
      </div>
      <NewTokenForm />
      {tokens.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet. Give each program a token of its own, so that one can be revoked without the others.
        </Text>
      ) : (
        <TokenTable tokens={tokens} />
      )}
    </Stack>
  );
}
