"use client";

import { useLocalStorage } from "@mantine/hooks";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { PLACES } from "@/app/_components/shell/places";

/** So long after `g` the letter of a place may follow. */
const SEQUENCE_WITHIN_MS = 1_500;

/** All shortcuts in the words of the help sheet; the first works everywhere, the others where nothing is being typed. */
export const SHORTCUTS: { keys: string[]; what: string }[] = [
  { keys: ["Ctrl", "K"], what: "Search and commands (on a Mac ⌘ K)" },
  { keys: ["/"], what: "Search the list" },
  { keys: ["n"], what: "New submission" },
  { keys: ["j"], what: "Next row" },
  { keys: ["k"], what: "Row before" },
  { keys: ["x"], what: "Select the row" },
  { keys: ["p"], what: "Poll the row’s task now" },
  ...PLACES.map(({ label, key }) => ({ keys: ["g", key], what: `Go to ${label}` })),
  { keys: ["?"], what: "This list" },
];

/**
 * Whether shortcuts of a single key are on: they are, unless a person has switched them off in this browser. Speech input
 * may press such keys by mistake, so WCAG 2.1.4 asks for the switch.
 */
export function useSingleKeys() {
  return useLocalStorage({ key: "single-key-shortcuts", defaultValue: true });
}

/** Listens to the keys of {@link SHORTCUTS}. `paletteSoon` is called when the first key of the palette's two goes down. */
export function useShortcuts(open: { palette: () => void; paletteSoon: () => void; sheet: () => void }): void {
  const router = useRouter();
  const [areSingleKeysOn] = useSingleKeys();
  const latest = useRef({ open, areSingleKeysOn });
  latest.current = { open, areSingleKeysOn };

  useEffect(() => {
    let sequenceBeganAt = Number.NEGATIVE_INFINITY;
    const press: Record<string, (event: KeyboardEvent) => void> = {
      g: ({ timeStamp }) => {
        sequenceBeganAt = timeStamp;
      },
      n: () => router.push("/submissions/new"),
      j: () => focusRow(1),
      k: () => focusRow(-1),
      x: () => rowInFocus()?.querySelector<HTMLElement>("input[type=checkbox]")?.click(),
      p: () => rowInFocus()?.querySelector<HTMLElement>("[data-column=action] button")?.click(),
      "?": () => latest.current.open.sheet(),
      "/": () => {
        const search = document.querySelector<HTMLInputElement>("main input[type=search]");
        if (search) search.focus();
        else latest.current.open.palette();
      },
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === "Control" || event.key === "Meta") {
        latest.current.open.paletteSoon();
        return;
      }
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.open.palette();
        return;
      }
      if (!latest.current.areSingleKeysOn || event.ctrlKey || event.metaKey || event.altKey || isBusy(event)) return;
      const isSequence = event.timeStamp - sequenceBeganAt < SEQUENCE_WITHIN_MS;
      sequenceBeganAt = Number.NEGATIVE_INFINITY;
      const place = isSequence ? PLACES.find(({ key }) => key === event.key) : undefined;
      const act = place
        ? () => router.push(place.href)
        : Object.hasOwn(press, event.key)
          ? press[event.key]
          : undefined;
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [router]);
}

/** Something is being typed, or a dialog or a menu has the keys to itself. */
function isBusy({ target }: KeyboardEvent): boolean {
  const isTyping =
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(textarea|select)$/i.test(target.tagName) || isTextInput(target));
  return isTyping || document.querySelector('[aria-modal="true"], [role="menu"]') !== null;
}

function isTextInput(element: HTMLElement): boolean {
  return element instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(element.type);
}

function rowInFocus(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>("main tbody tr") ?? null;
}

/** Puts the focus on the link of the next row, or of the one before; the first time on the first. */
function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [role=table] tbody [role=row]")];
  const current = rows.indexOf(rowInFocus() as HTMLElement);
  const next = current === -1 ? rows[0] : rows[current + step];
  next?.querySelector<HTMLElement>("a")?.focus();
}
