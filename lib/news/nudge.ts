// Routes are bundled apart, each with this module of its own; the process is one.
const kept = globalThis as typeof globalThis & { sixtyfourNewsNudge?: (() => void) | undefined };

/**
 * Says that this process has just stored something, so that whoever waits for news looks at once. It only ever sets a
 * timer, and nothing at all where nobody listens: it may be called from where every millisecond counts.
 */
export function nudge(): void {
  kept.sixtyfourNewsNudge?.();
}

/** Has `look` called with each nudge from now on, or nothing. */
export function onNudge(look: (() => void) | undefined): void {
  kept.sixtyfourNewsNudge = look;
}
