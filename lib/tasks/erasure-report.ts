import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { erasures, outputTemplates, type StillNamed, savedViews, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";

/** What an erasure has left, for a person to look at. */
export interface ErasureReport {
  /** Other places are still being searched. */
  isSearching: boolean;
  stillNamed: NamedPlace[];
}

/** Something that names the leads, or may, and was left as it is. */
interface NamedPlace extends StillNamed {
  /** What it is called: a list's or a view's name, a task's kind. Empty where nobody gave it a name. */
  title: string;
  /** The query of a saved view. */
  query: string | null;
}

/** Returns what still names the leads of erased tasks, without what is gone since: a report for each, in their order. */
export async function readErasures({ db }: Pick<Context, "db">, taskIds: string[]): Promise<ErasureReport[]> {
  if (taskIds.length === 0) return [];
  const [events, searches] = await Promise.all([
    db
      .select({ taskId: taskEvents.taskId, detail: taskEvents.detail })
      .from(taskEvents)
      .where(and(inArray(taskEvents.taskId, taskIds), eq(taskEvents.type, "erased"))),
    db
      .select({ taskIds: erasures.taskIds })
      .from(erasures)
      .where(sql`${erasures.taskIds} && ${`{${taskIds.join()}}`}::uuid[]`),
  ]);
  const found = events.map(({ taskId, detail }) => ({ taskId, named: (detail.stillNamed ?? []) as StillNamed[] }));
  const titles = await readTitles(
    { db },
    found.flatMap(({ named }) => named),
  );
  return taskIds.map((taskId) => {
    const named = found.filter((event) => event.taskId === taskId).flatMap((event) => event.named);
    const distinct = new Map(named.map((one) => [`${one.type} ${one.id} ${one.place}`, one]));
    const stillNamed = [...distinct.values()].flatMap((one) => {
      const row = titles.get(one.id);
      return row ? [{ ...one, title: row.title, query: row.query ?? null }] : [];
    });
    return { isSearching: searches.some((search) => search.taskIds.includes(taskId)), stillNamed };
  });
}

type Titles = Map<string, { title: string; query?: string }>;

async function readTitles({ db }: Pick<Context, "db">, found: StillNamed[]): Promise<Titles> {
  if (found.length === 0) return new Map();
  const idsOf = (type: StillNamed["type"]) => found.filter((one) => one.type === type).map(({ id }) => id);
  const [lists, named, views, templates] = await Promise.all([
    db
      .select({ id: submissions.id, title: submissions.name })
      .from(submissions)
      .where(inArray(submissions.id, idsOf("submission"))),
    db
      .select({ id: tasks.id, title: tasks.kind })
      .from(tasks)
      .where(and(inArray(tasks.id, idsOf("task")), isNull(tasks.erasedAt))),
    db
      .select({ id: savedViews.id, title: savedViews.name, query: savedViews.query })
      .from(savedViews)
      .where(inArray(savedViews.id, idsOf("view"))),
    db
      .select({ id: outputTemplates.id, title: outputTemplates.name })
      .from(outputTemplates)
      .where(inArray(outputTemplates.id, idsOf("template"))),
  ]);
  return new Map([...lists, ...named, ...views, ...templates].map((row) => [row.id, row]));
}
