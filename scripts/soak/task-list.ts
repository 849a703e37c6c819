import { z } from "zod";

const listedTask = z.object({
  id: z.string(),
  taskId: z.string().nullable(),
  status: z.string(),
  lead: z.record(z.string(), z.string()),
  errorCode: z.string().nullable(),
  deliveredVia: z.enum(["webhook", "poll", "reconcile"]).nullable(),
});
export type ListedTask = z.infer<typeof listedTask>;

/** A line of the export, as far as it matters here. */
const exportedLead = z.object({ taskId: z.string().nullable(), result: z.unknown() });

const page = z.object({ tasks: z.array(listedTask), nextCursor: z.string().nullable() });

const PAGE_SIZE = 200;
const ANSWER_WITHIN_MS = 30_000;

/**
 * All tasks, page by page, as a script of a customer would read them.
 *
 * @returns null where a page did not come, as while the app or its database is down
 */
export async function listAllTasks(appUrl: string, expected: number): Promise<ListedTask[] | null> {
  const tasks: ListedTask[] = [];
  let cursor: string | null = null;
  // Twice as many pages as there can be: a cursor that went in circles must not keep us for ever.
  for (let number = 0; number <= (2 * expected) / PAGE_SIZE + 2; number += 1) {
    const url: string = `${appUrl}/api/tasks?limit=${PAGE_SIZE}${cursor ? `&cursor=${cursor}` : ""}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
      .then(async (response) => (response.ok ? page.parse(await response.json()) : null))
      .catch((error: unknown) => {
        if (error instanceof z.ZodError) throw error;
        return null; // no connection
      });
    if (!answer) return null;
    tasks.push(...answer.tasks);
    cursor = answer.nextCursor;
    if (!cursor) return tasks;
  }
  throw new Error("GET /api/tasks has more pages than there can be tasks.");
}

/** A listed task with its result, which only the export and the task itself have. */
export type FinishedTask = ListedTask & { result: unknown };

/** The results of all tasks of one lead, by the tasks' ids. */
export async function exportResults(appUrl: string): Promise<Map<string, unknown>> {
  const response = await fetch(`${appUrl}/api/tasks/export?format=jsonl`);
  if (!response.ok) throw new Error(`The export was answered with ${response.status}.`);
  const lines = (await response.text()).split("\n").filter(Boolean);
  const leads = lines.map((line) => exportedLead.parse(JSON.parse(line)));
  return new Map(leads.flatMap(({ taskId, result }) => (taskId ? [[taskId, result]] : [])));
}

export function isEnded({ status }: ListedTask): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}
