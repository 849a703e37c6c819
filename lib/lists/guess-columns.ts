import type { LeadField } from "@/lib/sixtyfour/lead-fields";
import { TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";

/**
 * For each column of a list, the field of the kind that it fills; null where it fills none. Where the kind is open a
 * column may also go by its own header.
 */
export type ColumnMapping = (string | null)[];

/**
 * Guesses from the headers which column fills which field, each field once: by what was chosen for such a header before,
 * else by the field's own name and label, else by what it is also called.
 *
 * @param remembered the field by the header as {@link plainHeader} writes it; null for one that was left out
 */
export function guessColumns(
  kindId: TaskKindId,
  columns: string[],
  remembered: Record<string, string | null> = {},
): ColumnMapping {
  const { fields, open }: TaskKind = TASK_KINDS[kindId];
  const mapping: ColumnMapping = columns.map(() => null);
  const isTaken = (name: string) => mapping.includes(name);
  const assign = (fits: (field: LeadField, header: string) => boolean) => {
    for (const [index, column] of columns.entries()) {
      const header = plainHeader(column);
      if (mapping[index] !== null || remembered[header] === null) continue;
      mapping[index] = fields.find((field) => !isTaken(field.name) && fits(field, header))?.name ?? null;
    }
  };
  assign((field, header) => remembered[header] === field.name);
  for (const [index, column] of columns.entries()) {
    const isOwn = open && remembered[plainHeader(column)] === column;
    if (isOwn && mapping[index] === null && !isTaken(column)) mapping[index] = column;
  }
  assign(({ name, label }, header) => plainHeader(name) === header || plainHeader(label) === header);
  assign(({ alsoCalled }, header) => alsoCalled.some((name) => plainHeader(name) === header));
  return mapping;
}

/** A header without case, spacing and punctuation, so that its spellings are one. */
export function plainHeader(header: string): string {
  return header
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
