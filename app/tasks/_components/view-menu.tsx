"use client";

import { IconBookmark } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { SavedMenu } from "@/app/_components/saved-menu";
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
  const settled = async (complaint: string | null) => {
    await askAnew(queryClient, savedViewsQuery.queryKey);
    return complaint;
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
      onDelete={async (id) => settled(await deleteView(id))}
      onSave={async (name) => settled(await saveFilter({ name, query }))}
      saveLabel="Save this view as"
      placeholder="Failed this week"
      canSave={query !== ""}
    />
  );
}
