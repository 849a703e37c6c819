/** Deeper than this, writing JSON or reading it in Postgres may run out of stack; no result of a person's use gets near. */
export const MAX_JSON_DEPTH = 500;

/** Whether arrays and objects are nested more than `levels` deep. It keeps its own stack, so any depth is safe. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  const pending: { value: unknown; level: number }[] = [{ value, level: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.level >= levels) return true;
    for (const child of Object.values(next.value)) pending.push({ value: child, level: next.level + 1 });
  }
  return false;
}
