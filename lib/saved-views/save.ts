import { savedViews } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { storableText } from "@/lib/storable-json";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";
import { taskFilterQuery } from "@/lib/tasks/task-filter";

/**
 * Saves a filter of the task list under a name.
 *
 * @param query of the dashboard's address
 * @throws AppError `invalid_input` for a name or a filter that is not right; `conflict` where the name is taken
 */
export async function saveView({ db }: Context, given: { name: string; query: string }): Promise<{ id: string }> {
  const name = storableText(given.name.trim());
  if (!name) throw new AppError("invalid_input", "Give the view a name.");
  if (name.length > 100) throw new AppError("invalid_input", "Use at most 100 characters for the name.");
  const query = taskFilterQuery(parseTaskFilter(new URLSearchParams(given.query)));
  if (!query) throw new AppError("invalid_input", "Narrow or sort the list first.");
  const [saved] = await db
    .insert(savedViews)
    .values({ name, query: storableText(query) })
    .onConflictDoNothing({ target: savedViews.name })
    .returning({ id: savedViews.id });
  if (!saved) throw new AppError("conflict", `There is a view called “${name}” already. Choose another name.`);
  return saved;
}
