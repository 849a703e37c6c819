"use client";

import { IconBookmark } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { attempt } from "@/app/_components/actions/attempt";
import { failureText } from "@/app/_components/actions/failure-words";
import { SavedMenu } from "@/app/_components/saved-menu";
import type { Refusal } from "@/app/action";
import { askAnew } from "@/app/ask-anew";
import { savedViewsQuery } from "@/app/tasks/queries";
import { deleteView, saveFilter } from "@/app/tasks/view-actions";
import { type TaskFilter, taskFilterQuery } from "@/lib/tasks/task-filter";

/** Filters that were saved before, and a way to save this one. */
export function ViewMenu({ filter }: { filter: TaskFilter }) {
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const queryClient = useQueryClient();
  const { data: views } = useQuery({ ...savedViewsQuery, enabled: isOpen });
  const change = async (action: () => Promise<Refusal | null>) => {
    const outcome = await attempt(action);
    if ("failure" in outcome) return failureText(outcome);
    await askAnew(queryClient, savedViewsQuery.queryKey);
    return outcome.value?.error ?? null;
  };
  const query = taskFilterQuery(filter);
  return (
    <SavedMenu
      label="Views"
      icon={<IconBookmark size={16} aria-hidden />}
      size="sm"
      items={views}
      onToggle={setIsOpen}
      onChoose={(view) => router.push(`/?${view.query}` as Route)}
      onDelete={(id) => change(() => deleteView(id))}
      onSave={(name) => change(() => saveFilter({ name, query }))}
      saveLabel="Save this view as"
      placeholder="Failed this week"
      canSave={query !== ""}
    />
  );
}
