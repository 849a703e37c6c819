"use client";

import "@mantine/spotlight/styles.css";
import { Text, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import {
  IconArrowRight,
  IconFileSpreadsheet,
  IconKeyboard,
  IconListSearch,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSun,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { MORE_PLACES, PLACES } from "@/app/_components/shell/places";
import { kindLabel, leadTitle } from "@/app/tasks/_components/lead-title";
import { STATUS_LOOKS } from "@/app/tasks/_components/status-badge";
import { taskSearchQuery } from "@/app/tasks/queries";
import { taskHref, tasksHref } from "@/app/tasks/task-href";
import { TASK_KIND_IDS, TASK_KINDS } from "@/lib/sixtyfour/task-kinds";

const [store, spotlight] = createSpotlight();
const { classes } = Spotlight.Root;
/** Handed on to the area that scrolls, though the types do not say so. */
const LIST_BY_KEYS = { viewportProps: { tabIndex: 0 } };

const TYPING_PAUSE_IN_MS = 200;
/** Without a word of it, all of them would push the places out of sight. */
const MAX_COMMANDS = 8;

interface Command {
  key: string;
  label: string;
  icon: ReactNode;
  /** Other words by which it is found. */
  words?: string;
  run: () => void;
}

/** Search and commands. It opens with each change of `openings`. */
export default function CommandPalette({
  openings,
  onShowShortcuts,
}: {
  openings: number;
  onShowShortcuts: () => void;
}) {
  const router = useRouter();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const [text, setText] = useState("");
  const q = text.trim();
  const [settledQ] = useDebouncedValue(q, TYPING_PAUSE_IN_MS);
  const { data: found, isFetching } = useQuery({
    ...taskSearchQuery(settledQ),
    enabled: settledQ !== "",
    placeholderData: keepPreviousData,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each count is a wish to see it.
  useEffect(() => spotlight.open(), [openings]);

  const go = (href: Route) => () => router.push(href);
  const commands: Command[] = [
    ...PLACES.map(({ label, href }) => ({
      key: href,
      label: `Go to ${label}`,
      icon: <IconArrowRight size={18} aria-hidden />,
      run: go(href),
    })),
    ...MORE_PLACES.map(({ label, href, words }) => ({
      key: href,
      label: `Go to ${label}`,
      icon: <IconArrowRight size={18} aria-hidden />,
      words,
      run: go(href),
    })),
    {
      key: "list",
      label: "Submit a list",
      icon: <IconFileSpreadsheet size={18} aria-hidden />,
      words: "csv import upload spreadsheet file",
      run: go("/submissions/list"),
    },
    ...TASK_KIND_IDS.map((kind) => ({
      key: kind,
      label: `New: ${TASK_KINDS[kind].label}`,
      icon: <IconPlus size={18} aria-hidden />,
      words: `submit ${TASK_KINDS[kind].description}`,
      run: go(`/submissions/new?kind=${kind}` as Route),
    })),
    {
      key: "shortcuts",
      label: "Keyboard shortcuts",
      icon: <IconKeyboard size={18} aria-hidden />,
      words: "help keys",
      run: onShowShortcuts,
    },
    {
      key: "light",
      label: "Light colours",
      icon: <IconSun size={18} aria-hidden />,
      words: "theme scheme",
      run: () => setColorScheme("light"),
    },
    {
      key: "dark",
      label: "Dark colours",
      icon: <IconMoon size={18} aria-hidden />,
      words: "theme scheme",
      run: () => setColorScheme("dark"),
    },
  ];
  const fitting = commands.filter(({ label, words = "" }) => fits(`${label} ${words}`, q));
  const shown = q ? fitting.slice(0, MAX_COMMANDS) : fitting;
  const tasks = q && settledQ ? (found?.tasks ?? []) : [];

  return (
    <Spotlight.Root
      store={store}
      query={text}
      onQueryChange={setText}
      shortcut={null}
      scrollable
      maxHeight={420}
      // The library leaves its own classes off the dialog, which then scrolls as well as the list in it.
      classNames={{ root: classes.root, content: classes.content, body: classes.body }}
      // As other dialogs: to blur what is behind takes longer than all else where the processor draws.
      overlayProps={{ blur: 0 }}
      attributes={{ content: { "aria-label": "Search and commands" } }}
    >
      <Spotlight.Search
        placeholder="A name, a company, a task_id, or what to do"
        aria-label="Search and commands"
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList {...LIST_BY_KEYS}>
        {/* First, so that Enter means the same whenever results come. */}
        {q && (
          <Spotlight.Action
            label={`Search all tasks for “${q}”`}
            leftSection={<IconListSearch size={18} aria-hidden />}
            onClick={go(tasksHref({ q }))}
          />
        )}
        {tasks.length > 0 && (
          <Spotlight.ActionsGroup label="Tasks">
            {tasks.map((task) => (
              <Spotlight.Action
                key={task.id}
                label={leadTitle(task).title}
                description={`${kindLabel(task.kind)} · ${STATUS_LOOKS[task.status].label}`}
                onClick={go(taskHref(task.id))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        <Commands commands={shown} />
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <Text size="xs" c="dimmed" role="status">
          {statusWords({ q, isSearching: isFetching || q !== settledQ, found: tasks.length })}
        </Text>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}

/** Drawn once what was pressed is on the screen: they take longer than all else of it. */
function Commands({ commands }: { commands: Command[] }) {
  const drawn = useDeferredValue(commands, []);
  if (drawn.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label="Commands">
      {drawn.map(({ key, label, icon, run }) => (
        <Spotlight.Action key={key} label={label} leftSection={icon} onClick={run} />
      ))}
    </Spotlight.ActionsGroup>
  );
}

/** Each word of what was typed begins one of these. */
function fits(text: string, q: string): boolean {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const asked = q.toLowerCase().split(/\s+/).filter(Boolean);
  return asked.every((one) => words.some((word) => word.startsWith(one)));
}

function statusWords({ q, isSearching, found }: { q: string; isSearching: boolean; found: number }): string {
  if (!q) return "Arrows to choose, Enter to go, Esc to close";
  if (isSearching) return "Searching …";
  return found === 0 ? "No task fits" : `${found} ${found === 1 ? "task" : "tasks"} shown`;
}
