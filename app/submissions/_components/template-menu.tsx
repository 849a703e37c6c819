"use client";

import { IconTemplate } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { attempt } from "@/app/_components/actions/attempt";
import { failureText } from "@/app/_components/actions/failure-words";
import { SavedMenu } from "@/app/_components/saved-menu";
import { askAnew } from "@/app/ask-anew";
import { readRows } from "@/app/submissions/new/form-state";
import { outputTemplatesQuery } from "@/app/submissions/queries";
import { deleteTemplate, saveTemplate } from "@/app/submissions/template-actions";
import type { OutputField, StructName } from "@/lib/sixtyfour/task-options";

interface TemplateMenuProps {
  struct: StructName;
  /** Something within the form whose fields are saved. */
  within: RefObject<HTMLElement | null>;
  onChoose: (fields: OutputField[]) => void;
}

/** Fields to return that were saved before, and a way to save those of this form. */
export function TemplateMenu({ struct, within, onChoose }: TemplateMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const queryClient = useQueryClient();
  const { data: templates } = useQuery({ ...outputTemplatesQuery, enabled: isOpen });
  const change = async (action: () => Promise<string | null>) => {
    const outcome = await attempt(action);
    if ("failure" in outcome) return failureText(outcome);
    await askAnew(queryClient, outputTemplatesQuery.queryKey);
    return outcome.value;
  };
  const save = async (name: string) => {
    const form = within.current?.closest("form");
    if (!form) return null;
    const fields = readRows(new FormData(form), struct).filter((row) => row.name || row.description);
    return change(() => saveTemplate({ name, fields }));
  };
  return (
    <SavedMenu
      label="Templates"
      icon={<IconTemplate size={14} aria-hidden />}
      items={templates}
      onToggle={setIsOpen}
      onChoose={({ fields }) => onChoose(fields)}
      onDelete={(id) => change(() => deleteTemplate(id))}
      onSave={save}
      saveLabel="Save these fields as"
      placeholder="Outbound basics"
    />
  );
}
