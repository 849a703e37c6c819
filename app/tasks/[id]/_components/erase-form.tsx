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
            Deletes who {leadCount === 1 ? "it was" : "they were"}, what was sent and what was found. That{" "}
            {leadCount === 1 ? "it" : "they"} existed remains, so that a late webhook brings nothing back. Earlier and
            later tasks of the same {leadCount === 1 ? "lead" : "leads"} are erased as well. Other tasks and lists that
            name {leadCount === 1 ? "it" : "them"} are listed here afterwards, with links. Webhooks that belong to no
            task are deleted when their retention ends, unless they name the {leadCount === 1 ? "lead" : "leads"} for
            certain.
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
