import { Alert, Paper, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { AcceptForm } from "@/app/invitations/[token]/_components/accept-form";
import { findInvitation } from "@/lib/access/invitations";
import { appContext } from "@/lib/context";

export const metadata: Metadata = { title: "Invitation" };

/** Where an invitation's link leads: to choose a password, and so become a user. It needs no sign-in, it leads to one. */
export default async function InvitationPage({ params }: PageProps<"/invitations/[token]">) {
  const { token } = await params;
  const context = appContext();
  const invitation = context.access.mode === "sign_in" ? await findInvitation(context, token) : null;
  return (
    <Stack gap="lg" maw={420} mx="auto" mt={{ base: 0, sm: "xl" }}>
      <Title order={1} size="h2">
        {invitation ? "Choose a password" : "This link does not work"}
      </Title>
      {invitation ? (
        <>
          <Text c="dimmed" className="break-anywhere">
            For {invitation.email}.{" "}
            {invitation.role === "admin"
              ? "As an admin you see and submit everything, and manage people, tokens and retention."
              : "You will see all tasks and results, and submit leads."}
          </Text>
          <Paper withBorder p={{ base: "md", sm: "lg" }}>
            <AcceptForm token={token} email={invitation.email} />
          </Paper>
        </>
      ) : (
        <Alert color="orange" role="alert">
          It was used before, its time is over, or it is not whole. Ask an admin for a new one.
        </Alert>
      )}
    </Stack>
  );
}
