import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/links";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <Stack align="flex-start" maw={520}>
      <Title order={1} size="h2">
        There is nothing here
      </Title>
      <Text c="dimmed">The address may be mistyped, or it belongs to another installation of this dashboard.</Text>
      <ButtonLink href="/">Go to all tasks</ButtonLink>
    </Stack>
  );
}
