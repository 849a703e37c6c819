import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/links";

export const metadata: Metadata = { title: "Ask an admin" };

/** Shown to members in place of a page that is for admins. */
export default function Forbidden() {
  return (
    <Stack align="flex-start" maw={520}>
      <Title order={1} size="h2">
        Ask an admin
      </Title>
      <Text c="dimmed">
        This page is for admins, and you are a member. An admin can do it for you, or make you an admin under Settings.
      </Text>
      <ButtonLink href="/">Go to all tasks</ButtonLink>
    </Stack>
  );
}
