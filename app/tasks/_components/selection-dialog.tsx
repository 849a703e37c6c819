"use client";

import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { attempt } from "@/app/_components/actions/attempt";
import { failureText } from "@/app/_components/actions/failure-words";
import { counted, figure } from "@/app/_components/figures";
import { say } from "@/app/_components/shell/messages";
import { taskKeys } from "@/app/tasks/queries";
import { doToSelection, type GivenSelection, type SelectionVerb } from "@/app/tasks/selection-actions";

/** What is done to a selection only once it was confirmed. */
export type ConfirmedVerb = keyof typeof WORDS & SelectionVerb;

const WORDS = {
  resubmit: {
    title: (tasks: string) => `Submit again what failed among ${tasks}?`,
    text: "The leads of failed tasks are submitted again, and tasks that wait for you are sent. Each may cost what a new lead costs. What is unconfirmed is left: whether it may be charged twice is asked on its own page.",
    confirm: "Submit again",
    done: (count: number) => `${counted(count, "task")} submitted again.`,
    none: "Nothing was to be submitted again: none of them has failed, or waits for you.",
  },
  erase: {
    title: (tasks: string) => `Erase the leads of ${tasks} for good?`,
    text: "Deletes who they were, what was sent and what was found. Nothing brings it back. Open tasks end here as cancelled; at Sixtyfour they go on. The page of each erased task lists what else may name its lead.",
    confirm: "Erase",
    done: (count: number, stillNamed: number) =>
      `The leads of ${counted(count, "task")} were erased.${stillNamed > 0 ? " Some are still named elsewhere: the pages of their tasks say where." : ""}`,
    none: "They had been erased before.",
  },
} as const;

/** Asks first, then does it step by step, and says how far it is. */
export default function SelectionDialog({
  verb,
  tasks,
  selection,
  onClose,
}: {
  verb: ConfirmedVerb;
  /** How many it is about, in words. */
  tasks: string;
  selection: GivenSelection;
  onClose: (isDone: boolean) => void;
}) {
  const words = WORDS[verb];
  const [isSure, setIsSure] = useState(verb !== "erase");
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isStopped = useRef(false);
  const queryClient = useQueryClient();
  const isWorking = done !== null && problem === null;

  const work = async () => {
    isStopped.current = false;
    setProblem(null);
    let total = 0;
    let stillNamed = 0;
    for (let more = true; more && !isStopped.current; ) {
      setDone(total);
      const outcome = await attempt(() => doToSelection({ verb, selection }));
      const answer = "failure" in outcome ? { error: failureText(outcome) } : outcome.value;
      if ("error" in answer) {
        setProblem(answer.error);
        return;
      }
      total += answer.done;
      stillNamed += answer.stillNamed ?? 0;
      more = answer.more;
    }
    await queryClient.invalidateQueries({ queryKey: taskKeys.all });
    say({ text: total === 0 ? words.none : words.done(total, stillNamed) });
    onClose(true);
  };

  return (
    <Modal
      opened
      onClose={() => {
        isStopped.current = true;
        onClose(false);
      }}
      title={words.title(tasks)}
      closeButtonProps={{ "aria-label": isWorking ? "Stop" : "Close" }}
      centered
    >
      <Stack>
        <Text size="sm">{words.text}</Text>
        {verb === "erase" && (
          <Checkbox
            label="I mean it"
            checked={isSure}
            onChange={({ currentTarget }) => setIsSure(currentTarget.checked)}
          />
        )}
        {problem && (
          <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert">
            {problem}
          </Alert>
        )}
        <Group justify="space-between">
          <Text size="sm" c="dimmed" className="tabular" role="status">
            {isWorking && done !== null && done > 0 ? `${figure(done)} done` : ""}
          </Text>
          <Button onClick={work} disabled={!isSure} loading={isWorking} color={verb === "erase" ? "red" : undefined}>
            {words.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
