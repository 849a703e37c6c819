"use client";

import { Button, Checkbox, Stack, Text } from "@mantine/core";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { ActionWords } from "@/app/_components/actions/action-form";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { counted } from "@/app/_components/figures";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { eraseLead } from "@/app/tasks/actions";

/** Deletes a lead for good; folded away, and only after a tick, since nothing brings it back. */
export function EraseForm({
  taskId,
  leadCount,
  mayErase,
}: {
  taskId: string;
  leadCount: number;
  /** Members erase one lead at a time. */
  mayErase: boolean;
}) {
  const { state, failure, isPending, form } = useFormAction(eraseLead, null);
  if (!mayErase) {
    return (
      <Text size="sm" c="dimmed">
        Ask an admin to erase these {counted(leadCount, "lead")}.
      </Text>
    );
  }
  return (
    <details className={`${classes.folded} ${classes.erase}`}>
      <summary>{leadCount === 1 ? "Erase this lead" : `Erase these ${counted(leadCount, "lead")}`}</summary>
      <form {...form}>
        <input type="hidden" name="taskId" value={taskId} />
        <Stack gap="sm" align="flex-start">
          <Text size="sm" c="dimmed">
            Deletes the {leadCount === 1 ? "lead, its" : "leads, their"} request and result, and the tasks that were
            made from {leadCount === 1 ? "it" : "them"} when {leadCount === 1 ? "it was" : "they were"} submitted again.
            An empty task stays, so that a late webhook brings nothing back. Other tasks that hold the same person, such
            as tasks of several leads, and lists that name {leadCount === 1 ? "it" : "them"} stay as they are; this page
            then lists them with links. Webhooks that belong to no task are deleted when their retention ends.
          </Text>
          <Checkbox name="sure" required label={leadCount === 1 ? "Erase it for good" : "Erase them for good"} />
          <Button type="submit" size="xs" color="red" variant="outline" loading={isPending}>
            Erase
          </Button>
          <ActionWords state={failure ? null : state} />
          <ActionFailureMessage of={failure} />
        </Stack>
      </form>
    </details>
  );
}
