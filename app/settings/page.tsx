import { redirect } from "next/navigation";
import { requirePage } from "@/app/access";
import { settingsPages } from "@/app/settings/settings-pages";

/** The first of the settings that somebody may use. */
export default async function SettingsPage() {
  const [first] = settingsPages(await requirePage());
  redirect(first?.href ?? "/");
}
