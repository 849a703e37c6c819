import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** What a page of the settings is for. */
export function SettingsHeading({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={1} size="h2">
        {title}
      </Title>
      <Text c="dimmed">{children}</Text>
    </div>
  );
}
