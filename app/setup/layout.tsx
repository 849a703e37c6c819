import SettingsLayout from "@/app/settings/layout";

/** The checklist stands among the settings. */
export default function SetupLayout({ children, params }: LayoutProps<"/setup">) {
  return <SettingsLayout params={params}>{children}</SettingsLayout>;
}
