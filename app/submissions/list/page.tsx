import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { AnchorLink } from "@/app/_components/links";
import { requirePage } from "@/app/access";
import { ListImport } from "@/app/submissions/list/_components/list-import";
import { isTaskKindId } from "@/lib/sixtyfour/task-kinds";

export const metadata: Metadata = { title: "Submit a list" };

/** A list of leads, from a file or from a spreadsheet's clipboard. */
export default async function ListPage({ searchParams }: PageProps<"/submissions/list">) {
  await requirePage();
  const { kind } = await searchParams;
  return (
    <Stack gap="lg" maw={960} mx="auto">
      <div>
        <Title order={1} size="h2">
          Submit a list
        </Title>
        <Text c="dimmed">
          You see what it comes to before anything is spent. For one lead there is{" "}
          <AnchorLink href="/submissions/new" inherit>
            a form
          </AnchorLink>
          .
        </Text>
      </div>
      <noscript>
        <Text>
          A list is read in your browser, which takes JavaScript. Allow it for this page, or submit leads one by one.
        </Text>
      </noscript>
      <ListImport initialKind={isTaskKindId(kind) ? kind : "find_email"} />
    </Stack>
  );
}
