import { Anchor, Code, Text } from "@mantine/core";
import type { Metadata } from "next";
import { requirePage } from "@/app/access";
import { SettingsHeading } from "@/app/settings/_components/settings-heading";
import { NewTokenForm } from "@/app/settings/api-tokens/_components/new-token-form";
import { TokenTable } from "@/app/settings/api-tokens/_components/token-table";
import { listApiTokens } from "@/lib/api-tokens/list";
import { appContext } from "@/lib/context";

export const metadata: Metadata = { title: "API tokens" };

/** Tokens for programs that submit leads. */
export default async function ApiTokensPage() {
  await requirePage("admin");
  const tokens = await listApiTokens(appContext());
  return (
    <>
      <SettingsHeading title="API tokens">
        Programs submit leads with <Code>POST /api/submissions</Code>, and a token made here. The{" "}
        <Anchor href="/api/openapi.json" inherit underline="always">
          OpenAPI document
        </Anchor>{" "}
        describes it all.
      </SettingsHeading>
      <NewTokenForm />
      {tokens.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet. Give each program a token of its own, so that one can be revoked without the others.
        </Text>
      ) : (
        <TokenTable tokens={tokens} />
      )}
    </>
  );
}
