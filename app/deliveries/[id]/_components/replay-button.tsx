"use client";

import { Button, Text } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconRepeat } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { say } from "@/app/_components/shell/messages";
import type { Refusal } from "@/app/action";
import { replay } from "@/app/deliveries/actions";
import { deliveryKeys } from "@/app/deliveries/queries";
import { taskKeys } from "@/app/tasks/queries";
import type { DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import { replayWords } from "@/lib/deliveries/delivery-words";

/** Gives a delivery to its task once more. A form, so that it works before JavaScript has loaded. */
export function ReplayButton({ deliveryId }: { deliveryId: string }) {
  const { state, failure, isPending, form } = useFormAction(replay, null);
  const queryClient = useQueryClient();
  const isMounted = useMounted();

  useEffect(() => {
    if (!state) return;
    const { message, tone } = wordsFor(state);
    const title = "error" in state ? "Not replayed" : "Replayed";
    say({ title, text: message, tone });
    void queryClient.invalidateQueries({ queryKey: deliveryKeys.all });
    void queryClient.invalidateQueries({ queryKey: taskKeys.all });
  }, [state, queryClient]);

  return (
    <form {...form}>
      <input type="hidden" name="deliveryId" value={deliveryId} />
      <Button
        type="submit"
        variant="default"
        size="xs"
        leftSection={<IconRepeat size={14} aria-hidden />}
        loading={isPending}
      >
        Replay
      </Button>
      {state && !isMounted && (
        <Text size="xs" mt={4}>
          {wordsFor(state).message}
        </Text>
      )}
      <ActionFailureMessage of={failure} isCompact />
    </form>
  );
}

function wordsFor(state: Refusal | { outcome: DeliveryOutcome }): ReturnType<typeof replayWords> {
  return "error" in state ? { message: state.error, tone: "bad" } : replayWords(state.outcome);
}
