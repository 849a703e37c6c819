"use client";

import { Alert, Button, Drawer, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconFlask } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { attempt } from "@/app/_components/actions/attempt";
import { failureText } from "@/app/_components/actions/failure-words";
import { FaultWatch } from "@/app/sandbox/_components/fault-watch";
import { causeFault } from "@/app/sandbox/actions";
import { FAULT_IDS, FAULTS, type FaultId } from "@/app/sandbox/faults";
import { taskKeys } from "@/app/tasks/queries";

/** Lets one cause what can go wrong, and watch what the app makes of it. */
export default function SandboxPanel({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const [causing, setCausing] = useState<FaultId | null>(null);
  const [watched, setWatched] = useState<{ id: FaultId; taskId: string } | null>(null);
  const [problem, setProblem] = useState<{ id: FaultId; text: string } | null>(null);

  const cause = async (id: FaultId) => {
    setCausing(id);
    setProblem(null);
    const outcome = await attempt(() => causeFault(id));
    const answer = "failure" in outcome ? { error: failureText(outcome) } : outcome.value;
    setCausing(null);
    if ("error" in answer) setProblem({ id, text: answer.error });
    else setWatched({ id, taskId: answer.taskId });
    await queryClient.invalidateQueries({ queryKey: taskKeys.all });
  };

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title="Sandbox: what can go wrong"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack>
        <Text size="sm">
          A stand-in for Sixtyfour answers here: results are made up, and nothing is charged. Each button submits a lead
          for which it misbehaves. Watch what becomes of it.
        </Text>
        {FAULT_IDS.map((id) => {
          const { title, happens, lesson } = FAULTS[id];
          return (
            <Paper key={id} withBorder p="md" component="section" aria-label={title}>
              <Stack gap="sm">
                <Group justify="space-between" wrap="nowrap" align="flex-start">
                  <div>
                    <Title order={3} size="h6">
                      {title}
                    </Title>
                    <Text size="sm" c="dimmed">
                      {happens}
                    </Text>
                  </div>
                  <Button
                    size="xs"
                    variant="default"
                    flex="none"
                    leftSection={<IconFlask size={14} aria-hidden />}
                    aria-label={`Cause it: ${title}`}
                    loading={causing === id}
                    disabled={causing !== null}
                    onClick={() => void cause(id)}
                  >
                    Cause it
                  </Button>
                </Group>
                {problem?.id === id && (
                  <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert">
                    {problem.text}
                  </Alert>
                )}
                {watched?.id === id && (
                  <>
                    <FaultWatch key={watched.taskId} taskId={watched.taskId} onLeave={onClose} />
                    <Text size="sm">
                      <strong>What to see:</strong> {lesson}
                    </Text>
                  </>
                )}
              </Stack>
            </Paper>
          );
        })}
      </Stack>
    </Drawer>
  );
}
