import { List, Stack, Text } from "@mantine/core";
import type { Route } from "next";
import { counted } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import { Section } from "@/app/_components/section";
import { submissionHref } from "@/app/submissions/submission-href";
import { kindLabel } from "@/app/tasks/_components/lead-title";
import { taskHref } from "@/app/tasks/task-href";
import type { TaskDetail } from "@/lib/tasks/task-view";

type NamedPlace = NonNullable<TaskDetail["erasure"]>["stillNamed"][number];

const PLACES: Record<NamedPlace["place"], string> = {
  name: "in its name",
  options: "in its instructions",
  message: "in the message of its pause",
  columns: "in its column headers",
  leads: "among its leads",
  filter: "in its name or search",
  fields: "in its name or fields",
};

/** What may still name an erased lead, and where a person can see to it. */
export function ErasedSection({ task: { erasure, leadCount } }: { task: TaskDetail }) {
  if (!erasure || (!erasure.isSearching && erasure.stillNamed.length === 0)) return null;
  const them = leadCount === 1 ? "this lead" : `these ${counted(leadCount, "lead")}`;
  return (
    <Section title="Left as it is">
      <Stack gap="sm">
        {erasure.stillNamed.length > 0 && (
          <>
            <Text size="sm">
              These name {them}, or somebody of the same name. They were not changed, because they are shared or will
              still be sent.
            </Text>
            <List size="sm" spacing={4}>
              {erasure.stillNamed.map((named) => (
                <List.Item key={`${named.id} ${named.place}`} className="break-anywhere">
                  <AnchorLink href={hrefOf(named)} inherit>
                    {titleOf(named)}
                  </AnchorLink>{" "}
                  <Text span c="dimmed" inherit>
                    {named.type === "task" ? "has the same lead" : PLACES[named.place]}
                  </Text>
                </List.Item>
              ))}
            </List>
          </>
        )}
        {erasure.isSearching && (
          <Text size="sm" c="dimmed" role="status">
            Lists, drafts, webhooks and saved views are still being searched.
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function hrefOf({ type, id, query }: NamedPlace): Route {
  if (type === "submission") return submissionHref(id);
  if (type === "task") return taskHref(id);
  return (type === "view" ? `/?${query ?? ""}` : "/submissions/new") as Route;
}

function titleOf({ type, title }: NamedPlace): string {
  if (type === "task") return kindLabel(title);
  if (type === "submission") return title || "A list without a name";
  return type === "view" ? `View “${title}”` : `Template “${title}”`;
}
