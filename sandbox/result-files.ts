/** The files with the results of bulk jobs, behind signed links as a storage service gives them. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import { FILE_ENDPOINTS } from "@/sandbox/file-endpoints";
import type { Answer } from "@/sandbox/http";
import type { Job, Jobs } from "@/sandbox/jobs";
import { fileOf } from "@/sandbox/lead-file";
import { type Block, blocksOf, ENRICHMENT_BLOCK, toObjects, writeCsv, writeDamagedCsv } from "@/sandbox/result-blocks";
import { seededRandom } from "@/sandbox/seeded-random";
import type { Settings } from "@/sandbox/settings";

/** One entry of job-status' `results`. */
export interface ResultFileEntry {
  filename: string;
  storage_bucket: string;
  content_type: string;
  block_number: number;
  /** 0 where the count is not known. */
  row_count: number;
  download_url: string | null;
  download_expires_in_seconds: number;
  /** The rows of a small file, where they stand inline. */
  results: Record<string, unknown>[] | null;
}

export interface ResultFiles {
  /** True if a job's result is files. */
  has(job: Job): boolean;
  /** Lists the files of a completed job for one answer of job-status, each with a fresh link. */
  list(job: Job): ResultFileEntry[];
  /** Returns the enrichment's rows where they are few, and a fresh link to its file: the parts of a workflow's webhook. */
  summarise(job: Job): { results: Record<string, unknown>[] | null; results_download_url: string };
  /** Answers a link with the file, or with 403 or 404 in a storage service's words. It needs no key. */
  serve(link: URL): Answer;
  setLinkLifetime(ms: number): void;
  clear(): void;
}

const LINKS_PREFIX = "/result-files/";
const MAX_INLINE_ROWS = 100;
const CHANCE_OF_UNKNOWN_COUNT = 0.1;

/** True if a path is the one of a link to a result file. */
export function isResultFilePath(path: string): boolean {
  return path.startsWith(LINKS_PREFIX);
}

/** Creates the result files of one sandbox. Links of an earlier process are not valid any more. */
export function createResultFiles(options: {
  jobs: Jobs;
  settings: Settings;
  origin: () => string;
  linkLifetimeMs: number;
}): ResultFiles {
  const { jobs, settings } = options;
  const secret = randomBytes(32);
  let linkLifetimeMs = options.linkLifetimeMs;
  const sign = (path: string, expires: string) =>
    createHmac("sha256", secret).update(`${path}?${expires}`).digest("hex");

  const linkTo = (job: Job, blockNumber: number): string => {
    const path = `${LINKS_PREFIX}${job.taskId}/${blockNumber}`;
    const expires = String(Date.now() + linkLifetimeMs);
    return `${options.origin()}${path}?expires=${expires}&signature=${sign(path, expires)}`;
  };

  return {
    has: (job) => FILE_ENDPOINTS.has(job.path),
    list(job) {
      const total = fileOf(job.body).rows.length;
      const isInline = settings.get().inlineResults && total <= MAX_INLINE_ROWS;
      const withoutLink = settings.takeNullLinks().map((number) => number ?? ENRICHMENT_BLOCK);
      const entries = blocksOf(job, settings).map((block) => ({
        filename: block.fileName,
        storage_bucket: "results",
        content_type: "text/csv",
        block_number: block.number,
        row_count: isCountKnown(job, block) ? total : 0,
        download_url: isInline || withoutLink.includes(block.number) ? null : linkTo(job, block.number),
        download_expires_in_seconds: Math.round(linkLifetimeMs / 1000),
        results: isInline ? toObjects(block) : null,
      }));
      // The input comes last, because no order is promised: a reader that trusts the order finds no result.
      return entries.reverse();
    },
    summarise(job) {
      const block = blocksOf(job, settings).find(({ number }) => number === ENRICHMENT_BLOCK);
      const isSmall = fileOf(job.body).rows.length <= MAX_INLINE_ROWS;
      return {
        results: block && isSmall ? toObjects(block) : null,
        results_download_url: linkTo(job, ENRICHMENT_BLOCK),
      };
    },
    serve(link) {
      const expires = link.searchParams.get("expires") ?? "";
      if (!isEqual(link.searchParams.get("signature") ?? "", sign(link.pathname, expires))) {
        return storageError(403, "SignatureDoesNotMatch", "The request signature does not match.");
      }
      if (Number(expires) <= Date.now()) return storageError(403, "AccessDenied", "Request has expired");
      const [taskId = "", number] = link.pathname.slice(LINKS_PREFIX.length).split("/");
      const job = jobs.find(taskId);
      const block = job && blocksOf(job, settings).find((one) => one.number === Number(number));
      if (!block) return storageError(404, "NoSuchKey", "The specified key does not exist.");
      return serveBlock(block, settings);
    },
    setLinkLifetime(ms) {
      linkLifetimeMs = ms;
    },
    clear() {
      linkLifetimeMs = options.linkLifetimeMs;
    },
  };
}

/** A few files have the row_count 0, the documented default, whatever they hold. */
function isCountKnown(job: Job, block: Block): boolean {
  const { name, rows } = fileOf(job.body);
  return !seededRandom(["row_count", name, rows.length, rows[0], block.number]).chance(CHANCE_OF_UNKNOWN_COUNT);
}

function serveBlock(block: Block, settings: Settings): Answer {
  const headers = {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(block.fileName)}`,
  };
  const { fileDamage } = settings.get();
  const isDamaged = fileDamage !== null && block.number === ENRICHMENT_BLOCK;
  const body = Readable.from(isDamaged ? [writeDamagedCsv(block, fileDamage)] : writeCsv(block));
  return { status: 200, headers, body };
}

function isEqual(given: string, right: string): boolean {
  const [givenBytes, rightBytes] = [Buffer.from(given), Buffer.from(right)];
  return givenBytes.length === rightBytes.length && timingSafeEqual(givenBytes, rightBytes);
}

function storageError(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}
