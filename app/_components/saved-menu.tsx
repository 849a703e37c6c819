"use client";

import { ActionIcon, Button, Divider, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Flyout } from "@/app/_components/flyout";

interface SavedMenuProps<Item extends { id: string; name: string }> {
  /** On the button, and the menu's name. */
  label: string;
  icon: ReactNode;
  size?: "xs" | "sm";
  /** Undefined while they are on their way. */
  items: Item[] | undefined;
  onToggle: (isOpen: boolean) => void;
  onChoose: (item: Item) => void;
  /** Both resolve to what is wrong, in a sentence, or null. */
  onDelete: (id: string) => Promise<string | null>;
  onSave: (name: string) => Promise<string | null>;
  /** Over the input for a new one's name. */
  saveLabel: string;
  placeholder: string;
  /** Whether there is something to be saved. */
  canSave?: boolean;
}

/** What was saved under a name before, to be chosen or deleted, and a way to save what there is now. */
export function SavedMenu<Item extends { id: string; name: string }>({
  label,
  icon,
  size = "xs",
  items,
  onToggle,
  onChoose,
  onDelete,
  onSave,
  saveLabel,
  placeholder,
  canSave = true,
}: SavedMenuProps<Item>) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const settle = (complaint: string | null) => {
    setProblem(complaint);
    if (complaint === null) setName("");
  };
  const save = async () => settle(await onSave(name));

  return (
    <Flyout
      label={label}
      width={300}
      onToggle={onToggle}
      button={(props) => (
        <Button {...props} variant="default" size={size} leftSection={icon}>
          {label}
        </Button>
      )}
    >
      {(close) => (
        <Stack gap="xs">
          {items?.length === 0 && (
            <Text size="sm" c="dimmed">
              None saved yet.
            </Text>
          )}
          {items?.map((item) => (
            <Group key={item.id} gap={4} wrap="nowrap" justify="space-between">
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => {
                  onChoose(item);
                  close();
                }}
              >
                {item.name}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Delete ${item.name}`}
                onClick={async () => settle(await onDelete(item.id))}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {canSave && (
            <>
              <Divider />
              <TextInput
                size="xs"
                label={saveLabel}
                placeholder={placeholder}
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
            </>
          )}
        </Stack>
      )}
    </Flyout>
  );
}
