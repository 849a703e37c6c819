"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useActionState, useEffect } from "react";
import type { TaskActionState } from "@/app/tasks/actions";
import { taskKeys } from "@/app/tasks/queries";

interface TaskActionFormProps {
  action: (previous: TaskActionState, form: FormData) => Promise<TaskActionState>;
  taskId: string;
  label: string;
  variant?: "default" | "filled";
  /** More inputs, above the button. */
  children?: ReactNode;
}

/** A button that does something to a task. A form, so that it works before JavaScript has loaded. */
export function TaskActionForm({ action, taskId, label, variant = "default", children }: TaskActionFormProps) {
  const [state, submit, isPending] = useActionState(action, null);
  const queryClient = useQueryClient();

  useEffect(() => {
    // The action ends in an error or on this page; either way the task is not what it was.
    if (!isPending) void queryClient.invalidateQueries({ queryKey: taskKeys.all });
  }, [isPending, queryClient]);

  return (
    <form action={submit}>
      <input type="hidden" name="taskId" value={taskId} />
      <Stack gap="sm" align="flex-start">
        {children}
        <Group>
          <Button type="submit" size="xs" variant={variant} loading={isPending}>
            {label}
          </Button>
          {state && (
            <Text size="sm" role="alert">
              {state.error}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}
