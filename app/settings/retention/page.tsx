import type { Metadata } from "next";
import { requirePage } from "@/app/access";
import { SettingsHeading } from "@/app/settings/_components/settings-heading";
import { RetentionForm } from "@/app/settings/retention/_components/retention-form";
import { appContext } from "@/lib/context";
import { getRetention } from "@/lib/settings/retention";

export const metadata: Metadata = { title: "Retention" };

/** How long webhooks are kept. */
export default async function RetentionPage() {
  await requirePage("admin");
  return (
    <>
      <SettingsHeading title="Retention">
        Each webhook is kept as it arrived, so that it can be replayed. Its body and headers are personal data, so
        webhooks are deleted after some days. Results stay with their tasks until you erase these. Of rejected webhooks,
        only counts and samples are kept.
      </SettingsHeading>
      <RetentionForm retention={await getRetention(appContext())} />
    </>
  );
}
