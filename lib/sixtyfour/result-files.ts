/** The result files of bulk jobs: reads which there are, and chooses the one with the enrichment. */
import { z } from "zod";
import { AppError } from "@/lib/errors";
import type { DownloadOutcome } from "@/lib/sixtyfour/download-result";
import {
  type ColumnsOf,
  FIELDS_COLUMN,
  isOfDelivery,
  openCsv,
  type SortedColumns,
  sortColumns,
  type Table,
  tableOf,
  UnreadableRowsError,
  withoutColumns,
} from "@/lib/sixtyfour/result-rows";

/** One file of a bulk job's result, written by one block of the workflow that the job is. */
export interface ResultFile {
  fileName: string | null;
  /** A signed link that is good for some minutes only; null where Sixtyfour could not sign one. */
  url: string | null;
  blockNumber: number | null;
  /** Null where it is not known, for which Sixtyfour also says 0. */
  rowCount: number | null;
  /** Rows that stand in the answer itself; they may be fewer than the file has. */
  rows: Record<string, unknown>[] | null;
}

const resultFile = z.looseObject({
  filename: z.string().nullish().catch(null),
  download_url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
  block_number: z.coerce.number().nullish().catch(null),
  row_count: z.coerce.number().int().positive().nullish().catch(null),
  results: z.preprocess(parseText, z.array(z.record(z.string(), z.unknown())).min(1).nullish()).catch(null),
});

/** An entry without any of these is no file, but perhaps the result of a lead. */
const FILE_KEYS = ["download_url", "block_number", "filename"];

/** Reads job-status' `results` in the order of their block numbers; a file without a number comes first. */
export function readResultFiles(results: unknown): ResultFile[] {
  const entries = parseText(results);
  if (!Array.isArray(entries)) return [];
  const files = entries.flatMap((entry): ResultFile[] => {
    const { data } = resultFile.safeParse(entry);
    if (!data || !FILE_KEYS.some((key) => Object.hasOwn(data, key))) return [];
    return [
      {
        fileName: data.filename ?? null,
        url: data.download_url ?? null,
        blockNumber: data.block_number ?? null,
        rowCount: data.row_count ?? null,
        rows: data.results ?? null,
      },
    ];
  });
  const rank = ({ blockNumber }: ResultFile) => blockNumber ?? Number.NEGATIVE_INFINITY;
  return files.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** Returns the rows that an answer has in place of files, one for each lead; null where it has none. */
export function readInlineRows(results: unknown, leadCount: number): ResultFile | null {
  const rows = z.array(z.record(z.string(), z.unknown())).min(1).safeParse(parseText(results)).data;
  if (rows?.length !== leadCount || readResultFiles(rows).length > 0) return null;
  return { fileName: null, url: null, blockNumber: null, rowCount: leadCount, rows };
}

/** JSON may come as text. */
function parseText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export type ResultChoice =
  /** The file with the enrichment, opened. The caller has to read it to its end or close it. */
  | { type: "table"; table: Table }
  /** The file is not available now, or is not known to be the right one: job-status has to be asked again. */
  | { type: "later"; retryAfterSeconds?: number | undefined }
  /** There is no such file, now or later. */
  | { type: "none"; reason: "unreadable" | "too_large" | "no_file" };

interface Given extends ColumnsOf {
  leadCount: number;
  /**
   * The files that may be taken while another one, which might be the right one, is not available: none, one that has
   * the whole enrichment, or the best one.
   */
  accept: "none" | "whole" | "best";
  download: (url: string) => Promise<DownloadOutcome>;
}

/**
 * Chooses the file with the enrichment by the columns of the files, and opens it. Block 1 is the input. The last block is
 * not always the enrichment's: with a webhook_url the webhook's block comes last. It has columns about the delivery, alone
 * or beside those of the blocks before. So files are opened from the last one down, and only their first rows are read,
 * until one has all fields that were asked for and no columns that a webhook's block may have added.
 *
 * Names such as `status` or `url` may be the result's or the webhook's, and where no fields were asked for any column may
 * be. Then the block before decides: the webhook's block adds nothing to it but columns about the delivery. If no file has
 * all fields, the one with most of them is chosen. Columns of the webhook are left out of the table.
 *
 * @param files as {@link readResultFiles} gives them
 */
export async function openResultFile(files: ResultFile[], given: Given): Promise<ResultChoice> {
  let best: Candidate | null = null;
  let reason: Extract<ResultChoice, { type: "none" }>["reason"] | null = null;
  let isMissing = false;
  let retryAfterSeconds: number | undefined;
  try {
    for (const [index, file] of [...files.entries()].reverse()) {
      if (isInput(file) && !(given.accept === "best" && !best)) continue;
      const opened = await openTable(file, given);
      if (opened.type === "unknown") {
        if (/webhook/i.test(file.fileName ?? "")) continue;
        isMissing = true;
        retryAfterSeconds ??= opened.retryAfterSeconds;
        if (given.accept === "none") break;
        continue;
      }
      if (opened.type === "none") {
        reason ??= opened.reason;
        continue;
      }
      const before = files[index - 1];
      const candidate = judge(opened.table, file, { ...given, isFirst: !before || isInput(before) });
      if (candidate.isResult && (!best || isBetter(candidate, best, given))) {
        await best?.table.close();
        best = candidate;
      } else {
        await candidate.table.close();
        if (best) best.isCompared ||= isBuiltOn(best, candidate);
        else if (!candidate.isOfWebhook && !isInput(file)) reason ??= "unreadable";
      }
      if (isCertain(best)) break;
    }
  } catch (error) {
    await best?.table.close();
    throw error;
  }
  if (best && isMissing && !isAcceptable(best, given)) {
    await best.table.close();
    return { type: "later", retryAfterSeconds };
  }
  if (best) return { type: "table", table: withoutWebhook(best) };
  return reason && (!isMissing || given.accept === "best")
    ? { type: "none", reason }
    : { type: "later", retryAfterSeconds };
}

function isInput({ blockNumber }: ResultFile): boolean {
  return blockNumber !== null && blockNumber <= 1;
}

interface Unknown {
  type: "unknown";
  retryAfterSeconds?: number | undefined;
}

async function openTable(
  { url, rows, rowCount }: ResultFile,
  { leadCount, download }: Given,
): Promise<{ type: "table"; table: Table } | Unknown | Extract<ResultChoice, { type: "none" }>> {
  const isComplete = rows?.length === leadCount || (url === null && rows?.length === rowCount);
  if (rows && isComplete) return { type: "table", table: tableOf(rows) };
  if (url === null) return { type: "unknown" };

  const file = await download(url);
  if (file.type === "refused") {
    return { type: "none", reason: file.reason === "too_large" ? "too_large" : "no_file" };
  }
  if (file.type === "unavailable") return { type: "unknown", retryAfterSeconds: file.retryAfterSeconds };
  if (file.type !== "file") return { type: "unknown" };
  try {
    return { type: "table", table: await openCsv(file.chunks) };
  } catch (error) {
    if (error instanceof UnreadableRowsError) return { type: "none", reason: "unreadable" };
    if (error instanceof AppError) return { type: "unknown" };
    throw error;
  }
}

interface Candidate {
  table: Table;
  columns: SortedColumns;
  rowCount: number | null;
  /** It may hold the enrichment. */
  isResult: boolean;
  /** It has all fields that were asked for, or any where none was. */
  hasAll: boolean;
  /** All columns beyond those that were sent may be about a webhook's delivery. */
  isOfWebhook: boolean;
  /** The webhook's block might have written it, as far as its own columns tell. */
  isDoubtful: boolean;
  /** It was compared with the block before, and is not the webhook's. */
  isCompared: boolean;
  /** Names of the result's columns. */
  found: string[];
  /** Higher is better; compared from the first number on. */
  rank: number[];
}

function judge(table: Table, file: ResultFile, { isFirst, ...columnsOf }: ColumnsOf & { isFirst: boolean }): Candidate {
  const { outputs } = columnsOf;
  const columns = sortColumns(table.columns, columnsOf);
  const { given, ambiguous, webhook, replaced } = columns;
  const found = columns.found.map(({ name }) => name);
  const asked = outputs.map(({ name }) => name);
  const hasObject = found.includes(FIELDS_COLUMN);
  const fields = asked.length > 0 ? asked.filter((name) => hasObject || found.includes(name)) : found;
  const hasAny = hasObject || (fields.length > 0 && given.length > 0);
  const hasAll = asked.length > 0 ? fields.length === asked.length : hasAny;
  // Without any such field the file may be a copy of the input, which only the number of its block then tells.
  const hasNew = fields.some((name) => !replaced.has(name));
  const isOfWebhook =
    webhook.length > 0 || (ambiguous.length > 0 && found.every((name) => replaced.has(name) || isOfDelivery(name)));
  const isResult = isInput(file)
    ? asked.length > 0 && hasAll && hasNew
    : hasNew || (hasAll && file.blockNumber !== null && !isOfWebhook);
  return {
    table,
    columns,
    rowCount: file.rowCount,
    isResult,
    hasAll: hasAll && hasNew,
    isOfWebhook,
    isDoubtful: webhook.length + ambiguous.length > 0 || asked.length === 0,
    isCompared: isFirst,
    found: [...new Set(found)],
    rank: [Number(hasNew), fields.length, found.length, -webhook.length - ambiguous.length],
  };
}

/** @param one a file of a lower block than `than` */
function isBetter(one: Candidate, than: Candidate, { outputs }: Given): boolean {
  // A later step of the enrichment repeats the columns of the steps before; the webhook's block may have its own alone.
  const isOther = outputs.length === 0 && !one.found.some((name) => than.found.includes(name));
  if (isOther && one.hasAll) return true;
  const place = one.rank.findIndex((value, index) => value !== than.rank[index]);
  return place >= 0 && (one.rank[place] ?? 0) > (than.rank[place] ?? 0);
}

/** True if a file adds more to the block before than columns about a webhook's delivery, or no columns at all. */
function isBuiltOn(one: Candidate, before: Candidate): boolean {
  // An error page, or another file that is no block's.
  if (before.columns.given.length === 0 && !before.hasAll) return false;
  if (one.found.some((name) => !before.found.includes(name))) return true;
  const earlier = new Set(before.columns.ambiguous.map(({ name }) => name));
  return one.columns.ambiguous.every(({ name }) => earlier.has(name));
}

/** True if a file has the whole enrichment, and no other one has to be opened to know it. */
function isCertain(best: Candidate | null): boolean {
  if (!best?.hasAll || best.columns.webhook.length > 0) return false;
  return !best.isDoubtful || best.isCompared;
}

/** True if a file may be taken although another one is not available. */
function isAcceptable(best: Candidate, { accept, outputs, leadCount }: Given): boolean {
  if (accept !== "whole") return accept === "best";
  const isWhole = outputs.length > 0 ? best.hasAll && !best.isOfWebhook : isCertain(best);
  return isWhole && (best.rowCount === null || best.rowCount === leadCount);
}

function withoutWebhook({ table, columns, isCompared }: Candidate): Table {
  const left = isCompared ? columns.webhook : [...columns.webhook, ...columns.ambiguous];
  return withoutColumns(table, new Set(left.map(({ index }) => index)));
}
