/** The files with the results of bulk jobs, behind signed links as a storage service gives them. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import Papa from "papaparse";
import { type Enrichment, FILE_ENDPOINTS } from "@/sandbox/file-endpoints";
import type { Answer } from "@/sandbox/http";
import type { Job, Jobs } from "@/sandbox/jobs";
import { fileOf, leadOfRow } from "@/sandbox/lead-file";
import type { LeadFile } from "@/sandbox/requests";

/** One entry of job-status' `results`. */
export interface ResultFileEntry {
  filename: string;
  download_url: string;
  block_number: number;
  row_count: number;
}

export interface ResultFiles {
  /** Whether a job's result is files. */
  has(job: Job): boolean;
  /** The files of a completed job, each with a fresh link. */
  list(job: Job): ResultFileEntry[];
  /** What stands behind a link: the file, or 403 and 404 in a storage service's words. It asks for no key. */
  serve(link: URL): Answer;
  setLinkLifetime(ms: number): void;
  clear(): void;
}

const LINKS_PREFIX = "/result-files/";
const ROWS_PER_BLOCK = 1_000;
const ROWS_AT_A_TIME = 200;

export function isResultFilePath(path: string): boolean {
  return path.startsWith(LINKS_PREFIX);
}

/** The result files of one sandbox; links of an earlier process are good for nothing. */
export function createResultFiles(options: { jobs: Jobs; origin: () => string; linkLifetimeMs: number }): ResultFiles {
  const secret = randomBytes(32);
  let linkLifetimeMs = options.linkLifetimeMs;
  const sign = (path: string, expires: string) =>
    createHmac("sha256", secret).update(`${path}?${expires}`).digest("hex");

  const linkTo = (job: Job, block: Block): string => {
    const path = `${LINKS_PREFIX}${job.taskId}/${block.number}`;
    const expires = String(Date.now() + linkLifetimeMs);
    return `${options.origin()}${path}?expires=${expires}&signature=${sign(path, expires)}`;
  };

  return {
    has: (job) => FILE_ENDPOINTS.has(job.path),
    list(job) {
      const file = fileOf(job.body);
      const entries = blocksOf(file).map((block) => ({
        filename: fileName(file, block),
        download_url: linkTo(job, block),
        block_number: block.number,
        row_count: block.to - block.from,
      }));
      // The whole comes first, since nothing promises an order: who takes the last one finds a part of it.
      return entries.reverse();
    },
    serve(link) {
      const expires = link.searchParams.get("expires") ?? "";
      if (!isEqual(link.searchParams.get("signature") ?? "", sign(link.pathname, expires))) {
        return storageError(403, "SignatureDoesNotMatch", "The request signature does not match.");
      }
      if (Number(expires) <= Date.now()) return storageError(403, "AccessDenied", "Request has expired");
      const [taskId = "", number] = link.pathname.slice(LINKS_PREFIX.length).split("/");
      const job = options.jobs.find(taskId);
      const block = job && blocksOf(fileOf(job.body)).find((one) => one.number === Number(number));
      if (!job || !block) return storageError(404, "NoSuchKey", "The specified key does not exist.");
      return serveBlock(job, block);
    },
    setLinkLifetime(ms) {
      linkLifetimeMs = ms;
    },
    clear() {
      linkLifetimeMs = options.linkLifetimeMs;
    },
  };
}

/** A range of rows; the block with the highest number is all of them. */
interface Block {
  number: number;
  from: number;
  to: number;
}

function blocksOf({ rows: { length } }: LeadFile): Block[] {
  const starts = Array.from({ length: Math.ceil(length / ROWS_PER_BLOCK) }, (_, index) => index * ROWS_PER_BLOCK);
  const ranges = starts.map((from) => ({ from, to: Math.min(from + ROWS_PER_BLOCK, length) }));
  if (ranges.length > 1) ranges.push({ from: 0, to: length });
  return ranges.map((range, index) => ({ number: index + 1, ...range }));
}

function fileName(file: LeadFile, { number, from, to }: Block): string {
  const stem = file.name.replace(/\.[^.]*$/, "");
  return to - from === file.rows.length ? `${stem}_results.csv` : `${stem}_results_block_${number}.csv`;
}

function serveBlock(job: Job, block: Block): Answer {
  const file = fileOf(job.body);
  const enrichment = FILE_ENDPOINTS.get(job.path)?.enrich(job.body) ?? { columns: [], valuesOf: () => [] };
  const headers = {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(fileName(file, block))}`,
  };
  return { status: 200, headers, body: Readable.from(writeCsv(file, enrichment, block)) };
}

/** The columns of the input and then those of the struct; a name that both have stands there twice. */
function* writeCsv(file: LeadFile, { columns, valuesOf }: Enrichment, { from, to }: Block): Generator<string> {
  yield `${Papa.unparse([[...file.columns, ...columns]])}\r\n`;
  for (let start = from; start < to; start += ROWS_AT_A_TIME) {
    const rows = file.rows.slice(start, Math.min(start + ROWS_AT_A_TIME, to));
    const cells = rows.map((row) => [...row, ...valuesOf(leadOfRow(file.columns, row))].map(toCell));
    yield `${Papa.unparse(cells)}\r\n`;
  }
}

/** Lists and objects stand in a cell as JSON. */
function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isEqual(given: string, right: string): boolean {
  const [givenBytes, rightBytes] = [Buffer.from(given), Buffer.from(right)];
  return givenBytes.length === rightBytes.length && timingSafeEqual(givenBytes, rightBytes);
}

function storageError(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}
