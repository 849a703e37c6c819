"use client";

import { Alert, Anchor, Button, Checkbox, Group, Menu, Modal, Paper, Stack, Text } from "@mantine/core";
import { IconAlertCircle, IconChevronDown, IconDownload, IconEraser, IconRefresh, IconSend } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { counted, figure } from "@/app/_components/figures";
import { say } from "@/app/_components/shell/messages";
import classes from "@/app/tasks/_components/selection-bar.module.css";
import { taskKeys } from "@/app/tasks/queries";
import { doToSelection, type GivenSelection, type SelectionVerb } from "@/app/tasks/selection-actions";

interface SelectionBarProps {
  /** How many are selected. */
  count: number;
  /** How many the filter leaves; null where all of them are selected already, or all are shown. */
  allCount: number | null;
  /** The filter may leave more than that: a search that finds much is not counted to its end. */
  isAtLeast: boolean;
  selection: GivenSelection;
  onSelectAll: () => void;
  onClear: () => void;
}

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
    text: "Deletes who they were, what was sent and what was found. Nothing brings it back. Open tasks end here as cancelled; at Sixtyfour they go on.",
    confirm: "Erase",
    done: (count: number) => `The leads of ${counted(count, "task")} were erased.`,
    none: "They had been erased before.",
  },
} as const;

/** What can be done to the tasks that are selected. It stays in sight while the list is scrolled. */
export function SelectionBar({ count, allCount, isAtLeast, selection, onSelectAll, onClear }: SelectionBarProps) {
  const [asking, setAsking] = useState<keyof typeof WORDS | null>(null);
  const queryClient = useQueryClient();

  const poll = async () => {
    const answer = await doToSelection("poll", selection);
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
          <Button
            variant="default"
            size="xs"
            c="var(--mantine-color-error)"
            leftSection={<IconEraser size={14} aria-hidden />}
            onClick={() => setAsking("erase")}
          >
            Erase
          </Button>
        </Group>
      </Group>
      {asking && (
        <ConfirmModal
          verb={asking}
          tasks={`${"query" in selection && isAtLeast ? "at least " : ""}${counted(count, "task")}`}
          selection={selection}
          onClose={(isDone) => {
            setAsking(null);
            if (isDone) onClear();
          }}
        />
      )}
    </Paper>
  );
}

function DownloadSelected({ selection }: { selection: GivenSelection }) {
  const form = useRef<HTMLFormElement>(null);
  const query = "query" in selection ? selection.query : "";
  const hrefOf = (format: string) =>
    `/api/tasks/export?${new URLSearchParams([...new URLSearchParams(query), ["format", format]])}`;
  const post = (format: string) => {
    const input = form.current?.elements.namedItem("format");
    if (input instanceof HTMLInputElement) input.value = format;
    form.current?.submit();
  };
  const formats = [
    ["csv", "CSV, for spreadsheets"],
    ["jsonl", "JSON Lines, for programs"],
  ] as const;
  return (
    <>
      {"ids" in selection && (
        <form ref={form} method="post" action="/api/tasks/export" hidden>
          <input type="hidden" name="format" />
          <input type="hidden" name="ids" value={selection.ids.join(",")} />
        </form>
      )}
      <Menu position="top-end" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} aria-hidden />}
            rightSection={<IconChevronDown size={12} aria-hidden />}
          >
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {formats.map(([format, label]) =>
            "ids" in selection ? (
              <Menu.Item key={format} onClick={() => post(format)}>
                {label}
              </Menu.Item>
            ) : (
              <Menu.Item key={format} component="a" href={hrefOf(format)} download>
                {label}
              </Menu.Item>
            ),
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Asks first, then does it step by step, and says how far it is. */
function ConfirmModal({
  verb,
  tasks,
  selection,
  onClose,
}: {
  verb: keyof typeof WORDS & SelectionVerb;
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
    for (let more = true; more && !isStopped.current; ) {
      setDone(total);
      const answer = await doToSelection(verb, selection).catch(() => ({
        error: "The server could not be reached. What was done so far is done; try again.",
      }));
      if ("error" in answer) {
        setProblem(answer.error);
        return;
      }
      total += answer.done;
      more = answer.more;
    }
    await queryClient.invalidateQueries({ queryKey: taskKeys.all });
    say({ text: total === 0 ? words.none : words.done(total) });
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
