import { outputTemplates } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { storableText } from "@/lib/storable-json";
import type { TaskDraft } from "@/lib/tasks/task-draft";
import { parseOptions } from "@/lib/tasks/task-input";

/**
 * Saves fields to return under a name. Blank rows don't count.
 *
 * @throws AppError `invalid_input` for a name or fields that are not right; `conflict` where the name is taken
 */
export async function saveOutputTemplate(
  { db }: Context,
  given: { name: string; fields: NonNullable<TaskDraft["struct"]> },
): Promise<{ id: string }> {
  const name = storableText(given.name.trim());
  if (!name) throw new AppError("invalid_input", "Give the template a name.");
  if (name.length > 100) throw new AppError("invalid_input", "Use at most 100 characters for the name.");
  // The rules of the form: of all kinds the research agent asks for least besides.
  const { options, errors } = parseOptions("research_agent", { kind: "research_agent", struct: given.fields });
  if (errors) throw new AppError("invalid_input", Object.values(errors).join(" "));
  if (!options.struct?.length) throw new AppError("invalid_input", "Name at least one field first.");
  const [saved] = await db
    .insert(outputTemplates)
    .values({ name, fields: options.struct })
    .onConflictDoNothing({ target: outputTemplates.name })
    .returning({ id: outputTemplates.id });
  if (!saved) throw new AppError("conflict", `There is a template called “${name}” already. Choose another name.`);
  return saved;
}
