"use client";

import { ActionIcon, Button, Divider, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTemplate, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
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
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const queryClient = useQueryClient();
  const { data: templates } = useQuery({ ...outputTemplatesQuery, enabled: isOpen });
  const settle = async (complaint: string | null) => {
    setProblem(complaint);
    if (complaint === null) setName("");
    await queryClient.invalidateQueries({ queryKey: outputTemplatesQuery.queryKey });
  };
  const save = async () => {
    const form = within.current?.closest("form");
    if (!form) return;
    const fields = readRows(new FormData(form), struct).filter((row) => row.name || row.description);
    await settle(await saveTemplate({ name, fields }));
  };

  return (
    <Popover opened={isOpen} onChange={close} width={300} position="bottom-start" withArrow trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconTemplate size={14} aria-hidden />} onClick={toggle}>
          Templates
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Templates">
        <Stack gap="xs">
          {templates?.length === 0 && (
            <Text size="sm" c="dimmed">
              None saved yet.
            </Text>
          )}
          {templates?.map((template) => (
            <Group key={template.id} gap={4} wrap="nowrap" justify="space-between">
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => {
                  onChoose(template.fields);
                  close();
                }}
              >
                {template.name}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Delete ${template.name}`}
                onClick={async () => settle(await deleteTemplate(template.id))}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <Divider />
          <TextInput
            size="xs"
            label="Save these fields as"
            placeholder="Outbound basics"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={problem}
            maxLength={100}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              // The form around it is not to be submitted by this.
              event.preventDefault();
              void save();
            }}
          />
          <Button size="xs" variant="light" onClick={save}>
            Save
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
