"use client";

import { Button, CloseButton, Group, Loader, NativeSelect, Pill, Stack, TextInput } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconSearch } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, type RefObject, useEffect, useOptimistic, useRef, useState, useTransition } from "react";
import { AnchorLink } from "@/app/_components/links";
import { filterChips } from "@/app/tasks/_components/filter-chips";
import classes from "@/app/tasks/_components/task-filter-form.module.css";
import { ViewMenu } from "@/app/tasks/_components/view-menu";
import { tasksHref } from "@/app/tasks/task-href";
import { groupedTaskKinds, TASK_KINDS } from "@/lib/sixtyfour/task-kinds";
import { DELIVERED_BY, FOUND, isNarrowing, SINCE, SORTS, type TaskFilter } from "@/lib/tasks/task-filter";

const KINDS = [
  { value: "", label: "Every kind" },
  ...groupedTaskKinds().map(({ label, kinds }) => ({
    group: label,
    items: kinds.map((kind) => ({ value: kind, label: TASK_KINDS[kind].label })),
  })),
];
const VIAS = [
  { value: "", label: "Any way" },
  ...Object.entries(DELIVERED_BY).map(([value, label]) => ({ value, label })),
];
const FINDS = [
  { value: "", label: "Any result" },
  ...Object.entries(FOUND).map(([value, label]) => ({ value, label })),
];
const TIMES = [
  { value: "", label: "Any time" },
  ...Object.entries(SINCE).map(([value, { label }]) => ({ value, label })),
];
const OWN_DAYS = { value: "own", label: "Other days" };
const ORDERS = Object.entries(SORTS).map(([value, label]) => ({ value: value === "newest" ? "" : value, label }));

/** So long after the last key a search begins by itself. */
const TYPING_PAUSE_IN_MS = 350;

/**
 * Narrows and sorts the list. Each choice is a page of its own, so that the address says what is shown and the back button
 * takes it back. A plain form underneath, so it works before JavaScript has loaded.
 */
export function TaskFilterForm({ filter: loaded }: { filter: TaskFilter }) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  // What was chosen shows at once, and the next choice adds to it, also while its page is still on the way.
  const [filter, showChosen] = useOptimistic(loaded);
  const [hasOwnDays, setHasOwnDays] = useState(Boolean(filter.from || filter.to));
  /** On a small screen the choices would push the list off it. */
  const [isUnfolded, setIsUnfolded] = useState(false);
  /** What stands in the search, and what of it the list was last asked for. */
  const typed = useRef(filter.q ?? "");
  const asked = useRef(filter.q ?? "");
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  // What is typed is looked for after a pause, and something else may have been chosen by then.
  const latest = useRef(filter);
  latest.current = filter;
  const go = (next: TaskFilter, how: "push" | "replace" = "push") => {
    clearTimeout(typing.current);
    startTransition(() => {
      showChosen(next);
      router[how](tasksHref(next), { scroll: false });
    });
  };
  /** As `go`, with what stands in the search, which stays as it is typed. */
  const ask = (next: TaskFilter, how?: "replace") => {
    asked.current = next.q ?? "";
    go(next, how);
  };

  useEffect(() => {
    asked.current = filter.q ?? "";
    setHasOwnDays(Boolean(filter.from || filter.to));
  }, [filter.q, filter.from, filter.to]);
  useEffect(() => () => clearTimeout(typing.current), []);

  const search = (text: string) => {
    clearTimeout(typing.current);
    typing.current = setTimeout(() => {
      const next = { ...without(latest.current, "q"), ...(text.trim() ? { q: text.trim() } : {}) };
      ask(next, asked.current ? "replace" : undefined);
    }, TYPING_PAUSE_IN_MS);
  };
  const withTyped = (rest: TaskFilter): TaskFilter => {
    const q = typed.current.trim();
    return q ? { ...rest, q } : rest;
  };
  const choose = (name: keyof TaskFilter, value: string, ...others: (keyof TaskFilter)[]) => {
    const rest = withTyped(without(filter, name, ...others));
    ask({ ...rest, ...(value ? { [name]: name === "kind" ? [value] : value } : {}) });
  };
  const chooseTime = (value: string) => {
    setHasOwnDays(value === OWN_DAYS.value);
    if (value !== OWN_DAYS.value) choose("since", value, "from", "to");
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    ask(withTyped(without(filter, "q")));
  };

  const { status, submission, reason } = filter;
  const chips = filterChips(filter);
  return (
    <search>
      <form action="/" aria-label="Find tasks" onSubmit={submit}>
        {status && <input type="hidden" name="status" value={status.join(",")} />}
        {submission && <input type="hidden" name="submission" value={submission} />}
        {reason && <input type="hidden" name="reason" value={reason} />}
        <Stack gap="sm">
          <Group align="flex-end" gap="sm" className={classes.fields} data-unfolded={isUnfolded || undefined}>
            <SearchField q={filter.q ?? ""} typed={typed} asked={asked} isPending={isPending} onType={search} />
            <Button
              variant="default"
              className={classes.unfold}
              leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
              aria-expanded={isUnfolded}
              onClick={() => setIsUnfolded(!isUnfolded)}
            >
              Filters
            </Button>
            <NativeSelect
              name="kind"
              label="Kind"
              data={KINDS}
              value={filter.kind?.length === 1 ? filter.kind[0] : ""}
              onChange={({ currentTarget }) => choose("kind", currentTarget.value)}
            />
            <NativeSelect
              name="via"
              label="Delivered"
              data={VIAS}
              value={filter.via ?? ""}
              onChange={({ currentTarget }) => choose("via", currentTarget.value)}
            />
            <NativeSelect
              name="found"
              label="Result"
              data={FINDS}
              value={filter.found ?? ""}
              onChange={({ currentTarget }) => choose("found", currentTarget.value)}
            />
            <NativeSelect
              name={hasOwnDays ? undefined : "since"}
              label="Submitted"
              data={[...TIMES, OWN_DAYS]}
              value={hasOwnDays ? OWN_DAYS.value : (filter.since ?? "")}
              onChange={({ currentTarget }) => chooseTime(currentTarget.value)}
            />
            {hasOwnDays && (
              <>
                <TextInput
                  type="date"
                  name="from"
                  label="From (UTC)"
                  value={dayOf(filter.from)}
                  max={dayOf(filter.to)}
                  onChange={({ currentTarget }) => choose("from", currentTarget.value, "since")}
                />
                <TextInput
                  type="date"
                  name="to"
                  label="To (UTC)"
                  value={dayOf(filter.to)}
                  min={dayOf(filter.from)}
                  onChange={({ currentTarget }) => choose("to", currentTarget.value, "since")}
                />
              </>
            )}
            <NativeSelect
              name="sort"
              label="Order"
              data={ORDERS}
              value={filter.sort ?? ""}
              onChange={({ currentTarget }) => choose("sort", currentTarget.value)}
            />
            <Group gap="sm" wrap="nowrap" className={classes.actions}>
              <Button type="submit" variant="default" className={classes.submit}>
                Find
              </Button>
              <ViewMenu filter={filter} />
            </Group>
          </Group>
          {chips.length > 0 && (
            <Group gap={6}>
              {chips.map(({ key, label, rest }) => (
                <Pill
                  key={key}
                  size="md"
                  withRemoveButton
                  onRemove={() => go(rest)}
                  removeButtonProps={{ "aria-label": `Remove ${label}`, tabIndex: 0, "aria-hidden": false }}
                >
                  {label}
                </Pill>
              ))}
              {isNarrowing(filter) && (
                <AnchorLink href={tasksHref(filter.sort ? { sort: filter.sort } : {})} size="sm">
                  Show all
                </AnchorLink>
              )}
            </Group>
          )}
        </Stack>
      </form>
    </search>
  );
}

interface SearchFieldProps {
  /** Of the list that is shown. */
  q: string;
  typed: RefObject<string>;
  asked: RefObject<string>;
  isPending: boolean;
  onType: (text: string) => void;
}

/** By itself, so that a key draws one input and not the whole form. */
function SearchField({ q, typed, asked, isPending, onType }: SearchFieldProps) {
  const [text, setText] = useState(q);
  const change = (next: string) => {
    typed.current = next;
    setText(next);
  };
  const type = (next: string) => {
    change(next);
    onType(next);
  };

  // By a chip, a saved view or the back button; what is just being typed stays.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is shown may take the place of what is typed.
  useEffect(() => {
    if (q !== asked.current) change(q);
  }, [q]);

  return (
    <TextInput
      className={classes.search}
      type="search"
      name="q"
      label="Search"
      placeholder="Name, company, email, task_id or result"
      autoComplete="off"
      maxLength={200}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        isPending ? (
          <Loader size="xs" aria-label="Loading" />
        ) : text ? (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => type("")} />
        ) : null
      }
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

/** A bar of the overview may lead to an hour; a day is what is chosen here. */
function dayOf(moment = ""): string {
  return moment.slice(0, "2026-11-24".length);
}

function without(filter: TaskFilter, ...names: (keyof TaskFilter)[]): TaskFilter {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => !names.includes(name as keyof TaskFilter)));
}
