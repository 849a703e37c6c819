"use client";

import { Anchor, Button, Group, Paper, Text } from "@mantine/core";
import { IconEraser, IconRefresh, IconSend } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ActionFailureMessage } from "@/app/_components/actions/action-failure";
import { type ActionFailure, attempt } from "@/app/_components/actions/attempt";
import { latePart, PartBoundary } from "@/app/_components/actions/part-boundary";
import { DownloadMenu } from "@/app/_components/download-menu";
import { counted, figure } from "@/app/_components/figures";
import { say } from "@/app/_components/shell/messages";
import classes from "@/app/tasks/_components/selection-bar.module.css";
import type { ConfirmedVerb } from "@/app/tasks/_components/selection-dialog";
import { taskKeys } from "@/app/tasks/queries";
import { doToSelection, type GivenSelection } from "@/app/tasks/selection-actions";

const SelectionDialog = latePart(() => import("@/app/tasks/_components/selection-dialog"));

interface SelectionBarProps {
  /** How many are selected. */
  count: number;
  /** How many the filter leaves; null where all of them are selected already, or all are shown. */
  allCount: number | null;
  /** The filter may leave more than that: a search that finds much is not counted to its end. */
  isAtLeast: boolean;
  /** Members erase one lead at a time. */
  mayErase: boolean;
  selection: GivenSelection;
  onSelectAll: () => void;
  onClear: () => void;
}

/** What can be done to the tasks that are selected. It stays in sight while the list is scrolled. */
export function SelectionBar(props: SelectionBarProps) {
  const { count, allCount, isAtLeast, mayErase, selection, onSelectAll, onClear } = props;
  const [asking, setAsking] = useState<ConfirmedVerb | null>(null);
  const [failure, setFailure] = useState<ActionFailure | null>(null);
  const queryClient = useQueryClient();

  const poll = async () => {
    const outcome = await attempt(() => doToSelection({ verb: "poll", selection }));
    setFailure("failure" in outcome ? outcome : null);
    if ("failure" in outcome) return;
    const answer = outcome.value;
    if ("error" in answer) return say({ text: answer.error, tone: "bad" });
    const message =
      answer.done === 0
        ? "None of them is running, so there is nothing to ask."
        : `Sixtyfour is asked about ${counted(answer.done, "running task")}, a hundred a minute at most.`;
    say({ text: message });
    await queryClient.invalidateQueries({ queryKey: taskKeys.all });
  };

  return (
    <Paper withBorder shadow="md" className={classes.bar} role="region" aria-label="Selected tasks">
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <Text size="sm" fw={600} className="tabular" role="status">
            {"query" in selection && isAtLeast ? "At least " : ""}
            {figure(count)} selected
          </Text>
          {allCount !== null && (
            <Anchor component="button" type="button" size="sm" onClick={onSelectAll}>
              Select all {isAtLeast ? "" : `${figure(allCount)} `}that match
              {isAtLeast && `, at least ${figure(allCount)}`}
            </Anchor>
          )}
          <Anchor component="button" type="button" size="sm" onClick={onClear}>
            Clear
          </Anchor>
        </Group>
        <Group gap="xs">
          <Button variant="default" size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={poll}>
            Poll now
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconSend size={14} aria-hidden />}
            onClick={() => setAsking("resubmit")}
          >
            Submit again
          </Button>
          <DownloadSelected selection={selection} />
          {mayErase ? (
            <Button
              variant="default"
              size="xs"
              c="var(--mantine-color-error)"
              leftSection={<IconEraser size={14} aria-hidden />}
              onClick={() => setAsking("erase")}
            >
              Erase
            </Button>
          ) : (
            <Text size="xs" c="dimmed">
              Ask an admin to erase more than one lead.
            </Text>
          )}
        </Group>
      </Group>
      <ActionFailureMessage of={failure} />
      {asking && (
        <PartBoundary>
          <SelectionDialog
            verb={asking}
            tasks={`${"query" in selection && isAtLeast ? "at least " : ""}${counted(count, "task")}`}
            selection={selection}
            onClose={(isDone) => {
              setAsking(null);
              if (isDone) onClear();
            }}
          />
        </PartBoundary>
      )}
    </Paper>
  );
}

function DownloadSelected({ selection }: { selection: GivenSelection }) {
  const form = useRef<HTMLFormElement>(null);
  if ("query" in selection) return <DownloadMenu href="/api/tasks/export" query={selection.query} isInBar />;
  const post = (format: string) => {
    const given = { format, ids: selection.ids.join(",") };
    for (const [name, value] of Object.entries(given)) {
      const input = form.current?.elements.namedItem(name);
      if (input instanceof HTMLInputElement) input.value = value;
    }
    form.current?.submit();
  };
  return (
    <>
      <form ref={form} method="post" action="/api/tasks/export" hidden>
        <input type="hidden" name="format" />
        <input type="hidden" name="ids" />
      </form>
      <DownloadMenu href="/api/tasks/export" onChoose={post} isInBar />
    </>
  );
}
