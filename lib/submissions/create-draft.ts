import { randomUUID } from "node:crypto";
import { submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { storableText } from "@/lib/storable-json";

/**
 * Begins a submission that is sent only once it is confirmed. Leads are added meanwhile.
 *
 * @param columns the headers of the list, in their order
 */
export async function createDraft(
  { db }: Context,
  given: { kind: TaskKindId; options: TaskOptions; name: string; columns: string[] },
): Promise<{ submissionId: string }> {
  const [made] = await db
    .insert(submissions)
    .values({
      kind: given.kind,
      source: "list",
      name: storableText(given.name),
      options: { ...given.options },
      columns: given.columns.map(storableText),
      requestKey: `draft:${randomUUID()}`,
    })
    .returning({ id: submissions.id });
  if (!made) throw new Error("Postgres returned no row for an inserted submission.");
  return { submissionId: made.id };
}
