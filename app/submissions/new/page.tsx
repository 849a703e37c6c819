import { randomUUID } from "node:crypto";
import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { AnchorLink } from "@/app/_components/links";
import { KindPicker } from "@/app/submissions/new/_components/kind-picker";
import { SubmissionForm } from "@/app/submissions/new/_components/submission-form";
import { emptyForm } from "@/app/submissions/new/form-state";
import { isTaskKindId } from "@/lib/sixtyfour/task-kinds";

export const metadata: Metadata = { title: "New submission" };

/** The form. Each kind has its own address, so that choosing one needs no JavaScript. */
export default async function NewSubmissionPage({ searchParams }: PageProps<"/submissions/new">) {
  const { kind: asked } = await searchParams;
  const kind = isTaskKindId(asked) ? asked : "find_email";
  return (
    <Stack gap="lg" maw={760} mx="auto">
      <div>
        <Title order={1} size="h2">
          New submission
        </Title>
        <Text c="dimmed">
          Say who or what you are looking for. The more you know, the better the match. For many at once,{" "}
          <AnchorLink href={`/submissions/list?kind=${kind}`} inherit>
            submit a list
          </AnchorLink>
          .
        </Text>
      </div>
      <KindPicker chosen={kind} />
      <SubmissionForm key={kind} kind={kind} initial={emptyForm(kind, randomUUID())} />
    </Stack>
  );
}
