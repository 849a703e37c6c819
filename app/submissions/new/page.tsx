import { randomUUID } from "node:crypto";
import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { AnchorLink } from "@/app/_components/links";
import { requirePage } from "@/app/access";
import { KindPicker } from "@/app/submissions/new/_components/kind-picker";
import { SubmissionForm } from "@/app/submissions/new/_components/submission-form";
import { emptyForm } from "@/app/submissions/new/form-state";
import { appContext } from "@/lib/context";
import { isTaskKindId } from "@/lib/sixtyfour/task-kinds";
import { getLeadDraft } from "@/lib/tasks/get-lead-draft";

export const metadata: Metadata = { title: "New submission" };

/** The form for one lead. Each kind has its own address, so that choosing one needs no JavaScript. */
export default async function NewSubmissionPage({ searchParams }: PageProps<"/submissions/new">) {
  await requirePage();
  const { kind: asked, lead: leadId } = await searchParams;
  const earlier = typeof leadId === "string" ? await getLeadDraft(appContext(), leadId) : null;
  const kind = earlier?.kind ?? (isTaskKindId(asked) ? asked : "find_email");
  const blank = emptyForm(kind, randomUUID());
  const initial =
    earlier && typeof leadId === "string"
      ? { ...blank, draft: { ...blank.draft, ...earlier.draft }, basedOnLeadId: leadId }
      : blank;
  return (
    <Stack gap="lg" maw={760} mx="auto">
      <div>
        <Title order={1} size="h2">
          {earlier ? "Submit again" : "New submission"}
        </Title>
        {earlier ? (
          <Text c="dimmed">Edit and submit again. This creates a new task and is billed separately.</Text>
        ) : (
          <Text c="dimmed">
            Enter what you know; more details improve the match. Have many leads?{" "}
            <AnchorLink href={`/submissions/list?kind=${kind}`} inherit>
              Import a list
            </AnchorLink>
            .
          </Text>
        )}
      </div>
      {!earlier && <KindPicker chosen={kind} />}
      <SubmissionForm
        key={`${kind} ${initial.basedOnLeadId}`}
        kind={kind}
        initial={initial}
        investigations={earlier?.investigations}
      />
    </Stack>
  );
}
