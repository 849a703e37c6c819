"use client";

import { Button, Text } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { useFormAction } from "@/app/_components/actions/use-form-action";
import { say } from "@/app/_components/shell/messages";
import { pollWords } from "@/app/tasks/_components/poll-words";
import { pollNow } from "@/app/tasks/actions";
import { taskKeys } from "@/app/tasks/queries";

/** Asks Sixtyfour about one task. A form, so that it works before JavaScript has loaded. */
export function PollNowButton({ taskId, leadTitle }: { taskId: string; leadTitle: string }) {
  const { state, failure, isPending, form } = useFormAction(pollNow, null);
  const queryClient = useQueryClient();
  const isMounted = useMounted();

  useEffect(() => {
    if (!state) return;
    const { message, tone } = pollWords(state);
    say({ title: leadTitle, text: message, tone });
    void queryClient.invalidateQueries({ queryKey: taskKeys.all });
  }, [state, leadTitle, queryClient]);

  return (
    <form {...form}>
      <input type="hidden" name="taskId" value={taskId} />
      <Button
        type="submit"
        variant="default"
        size="xs"
        leftSection={<IconRefresh size={14} aria-hidden />}
        loading={isPending}
        aria-label={`Poll now: ${leadTitle}`}
      >
        Poll now
      </Button>
      {state && !isMounted && (
        <Text size="xs" mt={4}>
          {pollWords(state).message}
        </Text>
      )}
      <ActionFailureMessage of={failure} isCompact />
    </form>
  );
}
