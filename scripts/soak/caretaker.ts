import { inParallel } from "@/scripts/soak/in-parallel";
import { pressOnTask } from "@/scripts/soak/person";
import { type ListedTask, listAllTasks } from "@/scripts/soak/task-list";
import type { LeadRecord } from "@/scripts/soak/verdict";

/** The person who looks after what has got stuck. */
export interface Caretaker {
  /** Reads the list, and presses "Send now" where a task has waited long enough. Null where the list did not come. */
  round(): Promise<ListedTask[] | null>;
  /** Presses "Submit again" on each unconfirmed task, accepting that it may be charged twice. */
  submitAgain(tasks: ListedTask[]): Promise<void>;
  /** How many tasks are in which status, as last seen. */
  seen(): Record<string, number>;
  /** How often each button was pressed. */
  presses: { sendNow: number; submitAgain: number };
}

/** "Send now" is safe, but the app may mean to send by itself: a person waits for so long. */
const PATIENCE_MS = 10_000;
const PEOPLE = 4;

export function createCaretaker(appUrl: string, records: LeadRecord[]): Caretaker {
  const recordOf = new Map(records.map((record) => [record.lead.company, record]));
  let queuedSince = new Map<string, number>();
  let counts: Record<string, number> = {};
  const presses = { sendNow: 0, submitAgain: 0 };

  return {
    async round() {
      const tasks = await listAllTasks(appUrl, records.length);
      if (!tasks) return null;
      counts = countByStatus(tasks);
      const now = Date.now();
      const queued = tasks.filter(({ status }) => status === "queued");
      queuedSince = new Map(queued.map(({ id }) => [id, queuedSince.get(id) ?? now]));
      const ripe = queued.filter(({ id }) => now - (queuedSince.get(id) ?? now) > PATIENCE_MS);
      await inParallel(ripe, PEOPLE, async ({ id }) => {
        if (await pressOnTask(appUrl, id, "Send now")) presses.sendNow += 1;
        queuedSince.delete(id);
      });
      return tasks;
    },
    async submitAgain(tasks) {
      const unconfirmed = tasks.filter(({ status }) => status === "unconfirmed");
      await inParallel(unconfirmed, PEOPLE, async ({ id, lead }) => {
        const record = recordOf.get(lead.company ?? "");
        if (!record || !(await pressOnTask(appUrl, id, "Submit again"))) return;
        record.pressesAtOwnRisk += 1;
        presses.submitAgain += 1;
      });
    },
    seen: () => counts,
    presses,
  };
}

function countByStatus(tasks: ListedTask[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
