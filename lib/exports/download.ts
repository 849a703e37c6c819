import { z } from "zod";
import { AppError } from "@/lib/errors";
import { writeCsv } from "@/lib/exports/write-csv";
import { writeJsonLines } from "@/lib/exports/write-json-lines";
import type { LeadRow } from "@/lib/tasks/read-rows";

/** A file on its way to a person. `chunks` reads the database as it is asked for more, and holds a page at a time. */
export interface Download {
  fileName: string;
  mediaType: string;
  chunks: AsyncIterable<string>;
}

/** A page of an export, in leads: what is in memory at a time. */
export const LEADS_PER_PAGE = 500;

const FORMATS = {
  csv: { mediaType: "text/csv; charset=utf-8; header=present" },
  jsonl: { mediaType: "application/jsonl; charset=utf-8" },
} as const;
export type ExportFormat = keyof typeof FORMATS;

const format = z.enum(Object.keys(FORMATS) as [ExportFormat, ...ExportFormat[]]);

/** @throws AppError `invalid_input` */
export function parseFormat(given: string): ExportFormat {
  const parsed = format.safeParse(given);
  if (!parsed.success) throw new AppError("invalid_input", "The format must be csv or jsonl.");
  return parsed.data;
}

/**
 * @param name of the file, without its ending
 * @param columns the list's own; null where there is no list
 */
export function toDownload(
  { name, format: as, columns }: { name: string; format: ExportFormat; columns: string[] | null },
  readPages: () => AsyncIterable<LeadRow[]>,
): Download {
  return {
    fileName: `${name}.${as}`,
    mediaType: FORMATS[as].mediaType,
    chunks: as === "csv" ? writeCsv(columns, readPages) : writeJsonLines(readPages()),
  };
}
