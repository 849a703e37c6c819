import { Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ActionForm } from "@/app/_components/actions/action-form";
import { Section } from "@/app/_components/section";
import { requirePage } from "@/app/access";
import { SettingsHeading } from "@/app/settings/_components/settings-heading";
import { PasswordSection } from "@/app/settings/account/_components/password-section";
import { SignOutForm } from "@/app/settings/account/_components/sign-out-form";
import { endOthers } from "@/app/settings/account/actions";

export const metadata: Metadata = { title: "Account" };

/** What belongs to the person who is signed in. */
export default async function AccountPage() {
  const actor = await requirePage();
  if (actor.type !== "user") redirect("/settings");
  return (
    <>
      <SettingsHeading title={actor.name}>
        {actor.email}, {actor.role === "admin" ? "admin" : "member"}
      </SettingsHeading>
      <PasswordSection email={actor.email} />
      <Section title="Where you are signed in">
        <Stack gap="md" align="flex-start">
          <Text size="sm">A sign-in lasts two weeks. A device that you lost is signed out with the others.</Text>
          <ActionForm action={endOthers} target={{}} changes={NOTHING} label="Sign out everywhere else" />
          <SignOutForm />
        </Stack>
      </Section>
    </>
  );
}

const NOTHING = ["account"] as const;
