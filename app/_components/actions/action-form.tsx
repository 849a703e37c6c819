"use client";

import { Button, type ButtonProps, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import type { Refusal } from "@/app/action";

type ActionState = Refusal | { done: string } | null;

interface ActionFormProps {
  action: (previous: ActionState, form: FormData) => Promise<ActionState>;
  /** Names the target, as the action's form has it: `{ taskId: … }`. */
  target: Record<string, string>;
  /** The key of all that the action may change. */
  changes: readonly string[];
  label: string;
  button?: ButtonProps;
  /** The consequence of pressing it again, where it is not harmless. */
  repeat?: string;
  /** How long it may take, where that is more than the usual 30 seconds. */
  withinSeconds?: number;
  /** More inputs, above the button. */
  children?: ReactNode;
}

/** A button that does something to a task or a list. A form, so that it works before JavaScript has loaded. */
export function ActionForm({
  action,
  target,
  changes,
  label,
  button,
  repeat,
  withinSeconds,
  children,
}: ActionFormProps) {
  const { state, failure, isPending, form } = useFormAction(action, null, { withinSeconds });
  const queryClient = useQueryClient();

  useEffect(() => {
    // The action ends in an error or on this page; either way its target is not what it was.
    if (!isPending) void queryClient.invalidateQueries({ queryKey: changes });
  }, [isPending, queryClient, changes]);

  return (
    <form {...form}>
      {Object.entries(target).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Stack gap="sm" align="flex-start">
        {children}
        <Group>
          <Button type="submit" size="xs" variant="default" {...button} loading={isPending}>
            {label}
          </Button>
          <ActionWords state={failure ? null : state} />
        </Group>
        <ActionFailureMessage of={failure} repeat={repeat} />
      </Stack>
    </form>
  );
}

/** Shows the words of an action beside its button. */
export function ActionWords({ state }: { state: ActionState }) {
  if (!state) return null;
  return (
    <Text size="sm" role={"error" in state ? "alert" : "status"}>
      {"error" in state ? state.error : state.done}
    </Text>
  );
}
