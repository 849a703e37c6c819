import { Stack } from "@mantine/core";
import { currentActor } from "@/app/access";
import { SettingsNav } from "@/app/settings/_components/settings-nav";
import { settingsPages } from "@/app/settings/settings-pages";

/** The ways between the settings, above each of them. Each page lets in whom it is for by itself. */
export default async function SettingsLayout({ children }: LayoutProps<"/settings">) {
  const actor = await currentActor();
  return (
    <Stack gap="lg" maw={960} mx="auto">
      {actor && <SettingsNav items={settingsPages(actor)} />}
      {children}
    </Stack>
  );
}
