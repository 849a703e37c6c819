/** The result files of bulk jobs: reads which there are, and chooses the one with the enrichment. */
import { z } from "zod";
import { AppError } from "@/lib/errors";
import type { DownloadOutcome } from "@/lib/sixtyfour/download-result";
import { openCsv, sortColumns, type Table, tableOf, UnreadableRowsError } from "@/lib/sixtyfour/result-rows";
import type { OutputField } from "@/lib/sixtyfour/task-options";

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
  results: z.array(z.record(z.string(), z.unknown())).min(1).nullish().catch(null),
});

/** An entry without any of these is no file, but perhaps the result of a lead. */
const FILE_KEYS = ["download_url", "block_number", "filename"];

/** Reads job-status' `results` in the order of their block numbers; a file without a number comes first. */
export function readResultFiles(results: unknown): ResultFile[] {
  if (!Array.isArray(results)) return [];
  const files = results.flatMap((entry): ResultFile[] => {
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

export type ResultChoice =
  /** The file with the enrichment, opened. Whoever takes it has to read it to its end or close it. */
  | { type: "table"; table: Table }
  /** The file can't be had now, or is not known to be the right one: job-status has to be asked again. */
  | { type: "later"; retryAfterSeconds?: number | undefined }
  /** There is no such file, now or later. */
  | { type: "none"; reason: "unreadable" | "too_large" | "no_file" };

/**
 * Chooses the file with the enrichment by the columns of the files, and opens it. Block 1 is the input. The last block is
 * not always the one: with a webhook_url the block of the webhook comes last, and adds columns about the delivery to those
 * before it, or has them alone. So files are opened from the last one down, and only their first rows are read, until
 * one has all fields that were asked for (or, where none was, any columns but the input's) and none of a webhook. Where no
 * file is like that the one with most of the fields is chosen; its columns about a webhook are no part of the result.
 *
 * A file without a link might be the right one, so no other is taken in its place, unless this is the last try.
 *
 * @param files as {@link readResultFiles} gives them
 * @param isLastTry takes the best file that can be read, rather than wait for another one
 */
export async function openResultFile(
  files: ResultFile[],
  given: {
    leadCount: number;
    sentColumns: string[];
    outputs: OutputField[];
    isLastTry: boolean;
    download: (url: string) => Promise<DownloadOutcome>;
  },
): Promise<ResultChoice> {
  let best: Candidate | null = null;
  let reason: Extract<ResultChoice, { type: "none" }>["reason"] | null = null;
  try {
    for (const file of files.toReversed()) {
      if (isInput(file) && !(given.isLastTry && !best)) continue;
      const opened = await openTable(file, given);
      if (opened.type === "unknown") {
        if (given.isLastTry || /webhook/i.test(file.fileName ?? "")) continue;
        await best?.table.close();
        return { type: "later", retryAfterSeconds: opened.retryAfterSeconds };
      }
      if (opened.type === "none") {
        reason ??= opened.reason;
        continue;
      }
      const candidate = judge(opened.table, file, given);
      if (candidate.isResult && (!best || isBetter(candidate, best))) {
        await best?.table.close();
        best = candidate;
      } else {
        await candidate.table.close();
        if (!candidate.isResult && !candidate.isOfWebhook && !isInput(file)) reason ??= "unreadable";
      }
      if (best?.isWhole) break;
    }
  } catch (error) {
    await best?.table.close();
    throw error;
  }
  if (best) return { type: "table", table: best.table };
  return reason ? { type: "none", reason } : { type: "later" };
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
  { leadCount, download }: Pick<Parameters<typeof openResultFile>[1], "leadCount" | "download">,
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
  /** It may hold the enrichment. */
  isResult: boolean;
  /** It certainly holds the whole enrichment, and nothing else. */
  isWhole: boolean;
  isOfWebhook: boolean;
  /** Higher is better; compared from the first number on. */
  rank: number[];
}

function judge(
  table: Table,
  file: ResultFile,
  columnsOf: { sentColumns: string[]; outputs: OutputField[] },
): Candidate {
  const { outputs } = columnsOf;
  const { given, found, webhook, replaced } = sortColumns(table.columns, columnsOf);
  const names = new Set(found.map(({ name }) => name));
  const fields =
    outputs.length > 0 ? outputs.filter(({ name }) => names.has(name)).map(({ name }) => name) : [...names];
  const hasAll = outputs.length > 0 ? fields.length === outputs.length : fields.length > 0 && given.length > 0;
  // Without any such field the file may be a copy of the input, which only the number of its block then tells.
  const hasNew = fields.some((name) => !replaced.has(name));
  const isOfWebhook = webhook.length > 0;
  const isNumbered = file.blockNumber !== null;
  const isResult = isInput(file)
    ? outputs.length > 0 && hasAll && hasNew
    : hasNew || (hasAll && isNumbered && !isOfWebhook);
  return {
    table,
    isResult,
    isWhole: isResult && hasAll && hasNew && !isOfWebhook,
    isOfWebhook,
    rank: [Number(hasNew), fields.length, found.length, Number(!isOfWebhook)],
  };
}

function isBetter({ rank }: Candidate, than: Candidate): boolean {
  const place = rank.findIndex((value, index) => value !== than.rank[index]);
  return place >= 0 && (rank[place] ?? 0) > (than.rank[place] ?? 0);
}
