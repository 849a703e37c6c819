"use client";

import { IconTemplate } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { attempt } from "@/app/_components/actions/attempt";
import { failureText } from "@/app/_components/actions/failure-words";
import { SavedMenu } from "@/app/_components/saved-menu";
import type { Refusal } from "@/app/action";
import { askAnew } from "@/app/ask-anew";
import { outputTemplatesQuery } from "@/app/submissions/queries";
import { deleteTemplate, saveTemplate } from "@/app/submissions/template-actions";
import type { OutputField } from "@/lib/sixtyfour/task-options";

interface TemplateMenuProps {
  /** The fields that are saved. */
  rows: Record<"name" | "description" | "type", string>[];
  onChoose: (fields: OutputField[]) => void;
}

/** Fields to return that were saved before, and a way to save those of this form. */
export function TemplateMenu({ rows, onChoose }: TemplateMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const queryClient = useQueryClient();
  const { data: templates } = useQuery({ ...outputTemplatesQuery, enabled: isOpen });
  const change = async (action: () => Promise<Refusal | null>) => {
    const outcome = await attempt(action);
    if ("failure" in outcome) return failureText(outcome);
    await askAnew(queryClient, outputTemplatesQuery.queryKey);
    return outcome.value?.error ?? null;
  };
  return (
    <SavedMenu
      label="Templates"
      icon={<IconTemplate size={14} aria-hidden />}
      items={templates}
      onToggle={setIsOpen}
      onChoose={({ fields }) => onChoose(fields)}
      onDelete={(id) => change(() => deleteTemplate(id))}
      onSave={(name) => change(() => saveTemplate({ name, fields: rows }))}
      saveLabel="Save these fields as"
      placeholder="Outbound basics"
    />
  );
}
