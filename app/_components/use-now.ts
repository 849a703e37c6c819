"use client";

import { createContext, useContext, useSyncExternalStore } from "react";

/** Soon after the page is there the browser's own clock and zone take over. */
const FIRST_TICK_AFTER_MS = 1_000;
const TICK_EVERY_MS = 10_000;

/** A difference that the way of an answer explains is none. */
const SLOWEST_ANSWER_MS = 10_000;

/** A page may take this long from the server to the screen. */
const SLOWEST_PAGE_MS = 60_000;

/** When the server drew the page, in Unix milliseconds: the browser's first drawing has to be the same. */
export const RenderedAt = createContext(0);

const listeners = new Set<() => void>();
let clock: number | undefined;
let isTicking = false;
let skewMs: number | undefined;

/**
 * Learns how far the browser's clock is off from when the server drew the first page: that moment can't be in the future. Where
 * it is long past, the clock may be ahead or the page was long on its way, and the server is asked for its time.
 */
export async function learnSkew(renderedAt: number): Promise<void> {
  if (skewMs !== undefined) return;
  const lateMs = Date.now() - renderedAt;
  skewMs = lateMs < 0 ? -lateMs : 0;
  if (lateMs <= SLOWEST_PAGE_MS) return;
  const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
  const aheadMs = Date.now() - Date.parse(answer?.headers.get("date") ?? "");
  // The header tells whole seconds, and the answer was on its way.
  if (Math.abs(aheadMs) > SLOWEST_ANSWER_MS) skewMs = -aheadMs;
}

/** Returns the time in Unix milliseconds by the server's clock, as far as it is known. */
export function serverNow(): number {
  return Date.now() + (skewMs ?? 0);
}

/**
 * Words that follow from the time: drawn again where they become other ones, and not at each tick, since a page may show
 * hundreds. `now` is in Unix milliseconds, of some seconds ago at most; one clock for all.
 */
export function useWordsOfNow(words: (now: number, isOwnClock: boolean) => string): string {
  const renderedAt = useContext(RenderedAt);
  return useSyncExternalStore(
    subscribe,
    () => words(clock ?? renderedAt, clock !== undefined),
    () => words(renderedAt, false),
  );
}

function subscribe(onTick: () => void): () => void {
  listeners.add(onTick);
  if (!isTicking) {
    isTicking = true;
    setTimeout(tick, FIRST_TICK_AFTER_MS);
  }
  return () => {
    listeners.delete(onTick);
  };
}

function tick(): void {
  clock = serverNow();
  for (const listener of listeners) listener();
  isTicking = listeners.size > 0;
  if (isTicking) setTimeout(tick, TICK_EVERY_MS);
}
