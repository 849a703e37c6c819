import { asc } from "drizzle-orm";
import { outputTemplates } from "@/db/schema";
import type { Context } from "@/lib/context";
import type { OutputField } from "@/lib/sixtyfour/task-options";

export interface OutputTemplate {
  id: string;
  name: string;
  fields: OutputField[];
}

/** All templates, by name. */
export async function listOutputTemplates({ db }: Context): Promise<OutputTemplate[]> {
  const rows = await db
    .select({ id: outputTemplates.id, name: outputTemplates.name, fields: outputTemplates.fields })
    .from(outputTemplates)
    .orderBy(asc(outputTemplates.name));
  return rows as OutputTemplate[];
}
