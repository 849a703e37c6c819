/** The blocks of a file job's result: its input, the enrichment's file and, with a webhook_url, the webhook's block. */
import Papa from "papaparse";
import { FILE_ENDPOINTS } from "@/sandbox/file-endpoints";
import type { Job } from "@/sandbox/jobs";
import { fileOf, leadOfRow } from "@/sandbox/lead-file";
import type { FileDamage, Settings } from "@/sandbox/settings";

export const INPUT_BLOCK = 1;
export const ENRICHMENT_BLOCK = 2;
export const WEBHOOK_BLOCK = 3;

export interface Block {
  number: number;
  fileName: string;
  columns: string[];
  /** Yields one value for each column. */
  rows(): Iterable<unknown[]>;
}

/** Returns the blocks of a completed job, in the order of their numbers. */
export function blocksOf(job: Job, settings: Settings): Block[] {
  const { name, columns, rows } = fileOf(job.body);
  const stem = name.replace(/\.[^.]*$/, "");
  const enrichment = FILE_ENDPOINTS.get(job.path)?.enrich(job.body) ?? { columns: [], valuesOf: () => [] };
  const input: Block = { number: INPUT_BLOCK, fileName: `${stem}_input.csv`, columns, rows: () => rows };
  const enriched: Block = {
    number: ENRICHMENT_BLOCK,
    fileName: `${stem}_results.csv`,
    // A column that input and struct both have stands there twice.
    columns: [...columns, ...enrichment.columns],
    *rows() {
      for (const row of rows) yield [...row, ...enrichment.valuesOf(leadOfRow(columns, row))];
    },
  };
  return job.webhookUrl ? [input, enriched, webhookBlock(job, enriched, stem, settings)] : [input, enriched];
}

function webhookBlock(job: Job, enriched: Block, stem: string, settings: Settings): Block {
  const attempt = job.attempts.findLast(({ manual }) => !manual);
  const own = {
    webhook_status: attempt ? (attempt.error === null ? "delivered" : "failed") : "pending",
    webhook_delivered_at: attempt?.at ?? "",
    webhook_response_code: attempt?.status ?? "",
  };
  const hasAll = settings.get().webhookBlock === "all_columns";
  return {
    number: WEBHOOK_BLOCK,
    fileName: `${stem}_webhook.csv`,
    columns: [...(hasAll ? enriched.columns : []), ...Object.keys(own)],
    *rows() {
      for (const row of enriched.rows()) yield [...(hasAll ? row : []), ...Object.values(own)];
    },
  };
}

/** Returns the rows of a block as objects. Of two columns with an equal name the later one counts. */
export function toObjects({ columns, rows }: Block): Record<string, unknown>[] {
  return [...rows()].map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ""])));
}

const ROWS_AT_A_TIME = 200;

/** Writes a block as CSV, some rows at a time. */
export function* writeCsv({ columns, rows }: Pick<Block, "columns" | "rows">): Generator<string> {
  yield `${Papa.unparse([columns])}\r\n`;
  let waiting: string[][] = [];
  for (const row of rows()) {
    waiting.push(row.map(toCell));
    if (waiting.length < ROWS_AT_A_TIME) continue;
    yield `${Papa.unparse(waiting)}\r\n`;
    waiting = [];
  }
  if (waiting.length > 0) yield `${Papa.unparse(waiting)}\r\n`;
}

/** Writes a block as CSV that has a fault. */
export function writeDamagedCsv({ columns, rows }: Block, damage: FileDamage): string {
  const all = [...rows()];
  const middle = Math.floor(all.length / 2);
  const write = (kept: unknown[][]) => [...writeCsv({ columns, rows: () => kept })].join("");
  if (damage === "missing_rows") return write(all.toSpliced(middle, 1));
  const whole = write(all);
  const start = write(all.slice(0, middle)).length;
  // The cut is within the last row: a file that ends with a whole row would only miss rows.
  if (damage === "truncated") return whole.slice(0, Math.floor((write(all.slice(0, -1)).length + whole.length) / 2));
  return `${whole.slice(0, start)}"${whole.slice(start)}`;
}

/** Lists and objects stand in a cell as JSON. */
function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
