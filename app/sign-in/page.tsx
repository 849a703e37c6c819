import { Alert, Code, List, ListItem, Paper, Stack, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { currentActor } from "@/app/access";
import { PasswordForm } from "@/app/sign-in/_components/password-form";
import { ProviderForm } from "@/app/sign-in/_components/provider-form";
import { ownPath, signInHref } from "@/app/sign-in/sign-in-href";
import { appContext } from "@/lib/context";
import type { Access } from "@/lib/env";
import { originForProviders } from "@/lib/request-origin";

export const metadata: Metadata = { title: "Sign in" };

/** What better-auth calls it when a provider's account may not come in; everything else is nobody's fault here. */
const NOT_ADMITTED = ["not_admitted", "account_not_linked", "signup_disabled"];

/** `?next=` is where to go on to; `?error=` is why a provider's account did not get in. */
export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next: asked, error } = await searchParams;
  const next = ownPath(asked);
  if (await currentActor()) redirect(next);
  const { access } = appContext();
  const origin = originForProviders(access, await headers());
  if (origin) redirect(`${origin}${signInHref(next)}` as never);
  return (
    <Stack gap="lg" maw={420} mx="auto" mt={{ base: 0, sm: "xl" }}>
      <Title order={1} size="h2">
        Sign in
      </Title>
      {access.mode === "unset" && <NotSetUp missing={access.missing} />}
      {access.mode === "sign_in" && (
        <Paper withBorder p={{ base: "md", sm: "lg" }}>
          <Stack gap="md">
            {error && (
              <Alert color="red" role="alert">
                {NOT_ADMITTED.includes(String(error))
                  ? "This account is not admitted here. Ask an admin for an invitation."
                  : "Signing in did not work. Try again."}
              </Alert>
            )}
            <PasswordForm next={next} />
            {providersOf(access).map((provider) => (
              <ProviderForm key={provider} provider={provider} next={next} />
            ))}
          </Stack>
        </Paper>
      )}
      {access.mode === "sign_in" && (
        <Text size="sm" c="dimmed">
          No account, or no password any more? An admin can send you a link.
        </Text>
      )}
    </Stack>
  );
}

function providersOf({ providers }: Extract<Access, { mode: "sign_in" }>) {
  return (["github", "google"] as const).filter((provider) => providers[provider]);
}

function NotSetUp({ missing }: { missing: string[] }) {
  return (
    <Alert color="orange" icon={<IconLock aria-hidden />} title="Nobody can sign in yet" role="alert">
      <Stack gap="xs">
        <Text size="sm">
          This dashboard shows people’s data and spends money, so it stays closed until sign-in is set up. Webhooks are
          received meanwhile. Set these variables, and start the app again:
        </Text>
        <List size="sm" spacing={4}>
          {missing.includes("AUTH_SECRET") && (
            <ListItem>
              <Code>AUTH_SECRET</Code>: at least 32 random characters, such as from <Code>openssl rand -hex 32</Code>
            </ListItem>
          )}
          {missing.includes("ADMIN_EMAIL") && (
            <ListItem>
              <Code>ADMIN_EMAIL</Code> and <Code>ADMIN_PASSWORD</Code>: who is the first admin
            </ListItem>
          )}
        </List>
      </Stack>
    </Alert>
  );
}
