import type { Page } from "@playwright/test";

/** What a page's main thread did since it was last asked. Durations in milliseconds. */
export interface Watched {
  /** Of each press of a key or of the mouse: from the event to the picture after it, in steps of 8 as Chromium tells them. */
  interactions: number[];
  /** Every task that took more than 50. */
  longTasks: number[];
  /** The sum of the moves that nobody asked for; 0 is still. */
  layoutShift: number;
}

type Entry = PerformanceEntry & Partial<PerformanceEventTiming & { value: number; hadRecentInput: boolean }>;
type Watching = typeof window & { watched: { byInteraction: Record<string, number> } & Omit<Watched, "interactions"> };

/** Watches each page that is opened from now on, from before its first script. */
export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watching["watched"] = { byInteraction: {}, longTasks: [], layoutShift: 0 };
    Object.assign(window, { watched });
    // Functions have no names of their own here: what compiles this would add a call that the page does not know.
    new PerformanceObserver((list) => {
      for (const { duration, interactionId } of list.getEntries() as Entry[]) {
        // What has no id is a move of the mouse and the like.
        if (!interactionId) continue;
        watched.byInteraction[interactionId] = Math.max(watched.byInteraction[interactionId] ?? 0, duration);
      }
    }).observe({ type: "event", buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
    new PerformanceObserver((list) => {
      watched.longTasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const { value = 0, hadRecentInput } of list.getEntries() as Entry[]) {
        if (!hadRecentInput) watched.layoutShift += value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** What was seen since the last call, once the page has drawn what was asked of it and `quietMs` have passed. */
export async function takeWatched(page: Page, quietMs: number): Promise<Watched> {
  await page.waitForTimeout(quietMs);
  return page.evaluate(async () => {
    // A callback of the next frame comes late where the thread is busy: what it is busy with belongs to this.
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { watched } = window as Watching;
    const { byInteraction, longTasks, layoutShift } = watched;
    Object.assign(watched, { byInteraction: {}, longTasks: [], layoutShift: 0 });
    return { interactions: Object.values(byInteraction), longTasks, layoutShift };
  });
}
