"use client";

import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { Section } from "@/app/_components/section";
import { say } from "@/app/_components/shell/messages";
import classes from "@/app/deliveries/[id]/_components/attach-section.module.css";
import { attach } from "@/app/deliveries/actions";
import { deliveryKeys } from "@/app/deliveries/queries";
import { taskKeys } from "@/app/tasks/queries";
import { outcomeWords } from "@/lib/deliveries/delivery-words";

/** Lets a person say which task an unmatched delivery belongs to. */
export function AttachSection({ deliveryId }: { deliveryId: string }) {
  const { state, failure, isPending, form } = useFormAction(attach, null);
  const refusal = state && "error" in state ? state : null;
  const queryClient = useQueryClient();

  useEffect(() => {
    if (state && "outcome" in state) {
      say({ title: "Attached", text: outcomeWords(state.outcome).meaning, tone: "good" });
    }
    if (state) {
      void queryClient.invalidateQueries({ queryKey: deliveryKeys.all });
      void queryClient.invalidateQueries({ queryKey: taskKeys.all });
    }
  }, [state, queryClient]);

  return (
    <Section title="Attach to a task">
      <form {...form}>
        <input type="hidden" name="deliveryId" value={deliveryId} />
        <Stack gap="sm">
          <Text size="sm">
            If you know which open task this belongs to, name it: the delivery is applied to it as if it had been found.
            An end can't be taken back.
          </Text>
          <Group align="flex-start" gap="sm" className={classes.field}>
            <TextInput
              name="task"
              label="Task's id, or the address of its page"
              required
              maxLength={500}
              autoComplete="off"
              spellCheck={false}
              defaultValue={refusal?.typed?.task}
              error={refusal?.error}
            />
            <Button type="submit" variant="default" loading={isPending} className={classes.button}>
              Attach
            </Button>
          </Group>
          <ActionFailureMessage of={failure} />
        </Stack>
      </form>
    </Section>
  );
}
