"use client";

import { Button, Checkbox, Stack, Text } from "@mantine/core";
import { useActionState } from "react";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { eraseLead } from "@/app/tasks/actions";

/** Deletes a lead for good; folded away, and only after a tick, since nothing brings it back. */
export function EraseForm({ taskId }: { taskId: string }) {
  const [state, action, isPending] = useActionState(eraseLead, null);
  return (
    <details className={`${classes.folded} ${classes.erase}`}>
      <summary>Erase this lead</summary>
      <form action={action}>
        <input type="hidden" name="taskId" value={taskId} />
        <Stack gap="sm" align="flex-start">
          <Text size="sm" c="dimmed">
            Deletes who it was, what was sent and what was found. That it existed remains, so that a late webhook brings
            nothing back.
          </Text>
          <Checkbox name="sure" required label="Erase it for good" />
          <Button type="submit" size="xs" color="red" variant="outline" loading={isPending}>
            Erase
          </Button>
          {state && (
            <Text size="sm" role="alert">
              {state.error}
            </Text>
          )}
        </Stack>
      </form>
    </details>
  );
}
