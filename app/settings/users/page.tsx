import { Text } from "@mantine/core";
import type { Metadata } from "next";
import { requirePage } from "@/app/access";
import { SettingsHeading } from "@/app/settings/_components/settings-heading";
import { InvitationTable } from "@/app/settings/users/_components/invitation-table";
import { InviteForm } from "@/app/settings/users/_components/invite-form";
import { RemovedList } from "@/app/settings/users/_components/removed-list";
import { UserTable } from "@/app/settings/users/_components/user-table";
import { listInvitations } from "@/lib/access/invitations";
import { listRemovedUsers } from "@/lib/access/removed-users";
import { listUsers } from "@/lib/access/users";
import { appContext } from "@/lib/context";

export const metadata: Metadata = { title: "Users" };

/** Who may use the dashboard. */
export default async function UsersPage() {
  const actor = await requirePage("admin");
  const context = appContext();
  const [users, invitations, removed] = await Promise.all([
    listUsers(context),
    listInvitations(context),
    listRemovedUsers(context),
  ]);
  return (
    <>
      <SettingsHeading title="Users">
        Members see everything and submit leads; admins also manage people, tokens and retention.
      </SettingsHeading>
      {actor.type === "nobody" ? (
        <Text size="sm">
          Nobody needs to sign in here, since the API is a sandbox. With sign-in set up, you invite people on this page.
        </Text>
      ) : (
        <>
          <InviteForm />
          {invitations.length > 0 && <InvitationTable invitations={invitations} />}
          <UserTable users={users} ownId={actor.type === "user" ? actor.id : ""} />
          {removed.length > 0 && <RemovedList users={removed} />}
        </>
      )}
    </>
  );
}
