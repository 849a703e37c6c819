"use client";

import { Button, CloseButton, Group, Loader, NativeSelect, Pill, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconSearch } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useOptimistic, useState, useTransition } from "react";
import { AnchorLink } from "@/app/_components/links";
import { filterChips } from "@/app/tasks/_components/filter-chips";
import { dayOf, OWN_DAYS, readFilterForm } from "@/app/tasks/_components/read-filter-form";
import classes from "@/app/tasks/_components/task-filter-form.module.css";
import { ViewMenu } from "@/app/tasks/_components/view-menu";
import { tasksHref } from "@/app/tasks/task-href";
import { groupedTaskKinds, TASK_KINDS } from "@/lib/sixtyfour/task-kinds";
import {
  DELIVERED_BY,
  FOUND,
  isNarrowing,
  SINCE,
  SORTS,
  type TaskFilter,
  taskFilterQuery,
} from "@/lib/tasks/task-filter";

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
  { value: OWN_DAYS, label: "Other days" },
];
const ORDERS = Object.entries(SORTS).map(([value, label]) => ({ value: value === "newest" ? "" : value, label }));

/** Wait after the last key before the search begins. */
const TYPING_PAUSE_IN_MS = 350;

/**
 * Narrows and sorts the list. Each choice submits the form, and each filter is a page of its own: the address says what is
 * shown, and the back button takes a choice back. Before JavaScript has loaded the browser submits the form itself.
 */
export function TaskFilterForm({ filter: loaded }: { filter: TaskFilter }) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  // A choice shows at once, and the next one adds to it, also while its page is still on the way.
  const [filter, showChosen] = useOptimistic(loaded);
  const [wantsOwnDays, setWantsOwnDays] = useState(false);
  /** On a small screen the choices would push the list off it. */
  const [isUnfolded, setIsUnfolded] = useState(false);
  const hasOwnDays = wantsOwnDays || Boolean(filter.from || filter.to);

  const go = (next: TaskFilter, how: "push" | "replace" = "push") =>
    startTransition(() => {
      showChosen(next);
      router[how](tasksHref(next), { scroll: false });
    });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const next = readFilterForm(new FormData(event.currentTarget), filter);
    const shown = taskFilterQuery(filter);
    if (taskFilterQuery(next) === shown) return;
    // A search that is typed on takes the place of its beginnings.
    const isTypedOn = filter.q && taskFilterQuery({ ...next, q: filter.q }) === shown;
    go(next, isTypedOn ? "replace" : "push");
  };
  const chooseTime = (event: Chosen) => {
    const isOwn = event.currentTarget.value === OWN_DAYS;
    setWantsOwnDays(isOwn);
    if (!isOwn) choose(event);
  };
  const chooseDay = (event: Chosen) => {
    setWantsOwnDays(false);
    choose(event);
  };

  const { status, submission, reason } = filter;
  const kinds = filter.kind?.join(",") ?? "";
  const chips = filterChips(filter);
  return (
    <search>
      <form action="/" aria-label="Find tasks" onSubmit={submit} noValidate>
        {status && <input type="hidden" name="status" value={status.join(",")} />}
        {submission && <input type="hidden" name="submission" value={submission} />}
        {reason && <input type="hidden" name="reason" value={reason} />}
        <Stack gap="sm">
          <Group align="flex-end" gap="sm" className={classes.fields} data-unfolded={isUnfolded || undefined}>
            <SearchField q={filter.q ?? ""} isPending={isPending} />
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
              data={kinds.includes(",") ? [...KINDS, { value: kinds, label: "Several kinds" }] : KINDS}
              value={kinds}
              onChange={choose}
            />
            <NativeSelect name="via" label="Delivered" data={VIAS} value={filter.via ?? ""} onChange={choose} />
            <NativeSelect name="found" label="Result" data={FINDS} value={filter.found ?? ""} onChange={choose} />
            <NativeSelect
              name="since"
              label="Submitted"
              data={TIMES}
              value={hasOwnDays ? OWN_DAYS : (filter.since ?? "")}
              onChange={chooseTime}
            />
            {hasOwnDays && (
              <>
                <TextInput
                  type="date"
                  name="from"
                  label="From (UTC)"
                  value={dayOf(filter.from)}
                  max={dayOf(filter.to)}
                  onChange={chooseDay}
                />
                <TextInput
                  type="date"
                  name="to"
                  label="To (UTC)"
                  value={dayOf(filter.to)}
                  min={dayOf(filter.from)}
                  onChange={chooseDay}
                />
              </>
            )}
            <NativeSelect name="sort" label="Order" data={ORDERS} value={filter.sort ?? ""} onChange={choose} />
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

type Chosen = { currentTarget: HTMLInputElement | HTMLSelectElement };

/** Submits the form of an input whose choice takes effect at once. */
function choose({ currentTarget }: Chosen): void {
  currentTarget.form?.requestSubmit();
}

/** By itself, so that a key draws one input and not the whole form. `q` is the search of the list that is shown. */
function SearchField({ q, isPending }: { q: string; isPending: boolean }) {
  const [typed, setTyped] = useState({ text: q, shownQ: q });
  const submitSoon = useDebouncedCallback((form: HTMLFormElement | null) => form?.requestSubmit(), TYPING_PAUSE_IN_MS);
  // Another search by a chip, a saved view or the back button takes the place of the text; its own search leaves it.
  if (typed.shownQ !== q) setTyped({ text: typed.text.trim() === q ? typed.text : q, shownQ: q });
  const type = (text: string, form: HTMLFormElement | null) => {
    setTyped({ text, shownQ: q });
    submitSoon(form);
  };

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
        ) : typed.text ? (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={({ currentTarget }) => type("", currentTarget.form)}
          />
        ) : null
      }
      value={typed.text}
      onChange={({ currentTarget: { value, form } }) => type(value, form)}
    />
  );
}
