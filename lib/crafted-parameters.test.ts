/**
 * What the routes pass on from an address, given to the functions that read it: anybody who is signed in can send
 * anything. Each answer is a result or a refusal with a code of its own, and never a defect, which would be a 500.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAudit } from "@/lib/audit/list";
import type { Context } from "@/lib/context";
import { getDelivery } from "@/lib/deliveries/get";
import { listDeliveries } from "@/lib/deliveries/list";
import { AppError } from "@/lib/errors";
import { exportSubmission } from "@/lib/exports/export-submission";
import { exportTasks } from "@/lib/exports/export-tasks";
import { readNews } from "@/lib/news/read-news";
import { getOverview } from "@/lib/overview/get";
import { countTasks } from "@/lib/periods/count-tasks";
import { getSubmission } from "@/lib/submissions/get";
import { listSubmissions } from "@/lib/submissions/list";
import { getTask } from "@/lib/tasks/get";
import { listTasks } from "@/lib/tasks/list";
import { listRows } from "@/lib/tasks/list-rows";
import { parseTaskFilter, readTaskFilter } from "@/lib/tasks/parse-task-filter";
import { confirmList, createTestBench, type TestBench } from "@/lib/testing";

let bench: TestBench;
let context: Context;
let submissionId: string;
beforeAll(async () => {
  bench = await createTestBench();
  ({ context } = bench);
  submissionId = await confirmList(context, { kind: "find_email", count: 3 });
});
afterAll(() => bench.close());

const SOME_ID = "0190a000-0000-7000-8000-000000000000";
const VALUES = [
  "",
  " ",
  "0",
  "-1",
  "-0",
  "1.5",
  "1e999",
  "1e5",
  "NaN",
  "Infinity",
  "0x10",
  "2147483648",
  "9223372036854775808",
  "9".repeat(13),
  "9".repeat(19),
  "9".repeat(400),
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udc00x",
  "\ufffd",
  "'",
  '"',
  "\\",
  "%",
  "%00",
  "../../etc/passwd",
  "[object Object]",
  "null",
  "undefined",
  "true",
  "a,b,,",
  ",".repeat(2_000),
  "x".repeat(10_000),
  "😀".repeat(300),
  SOME_ID,
  `${SOME_ID}~`,
  `${SOME_ID}~1`,
  `${SOME_ID}~-`,
  `${SOME_ID}~1e999`,
  `${SOME_ID}~e+-.`,
  `${SOME_ID}~${"9".repeat(400)}`,
  `${SOME_ID}~2026-11-29 10:00:00+00`,
  `${SOME_ID}~2026-99-99 99:99:99+99`,
  `${SOME_ID}~9999-12-31 23:59:59-99`,
  `${SOME_ID}~0000-00-00 00:00:00+00`,
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "0190a000-0000-7000-8000-00000000000g",
  "0000-01-01",
  "0000-00-00",
  "0001-01-01",
  "1969-12-31",
  "2026-02-30",
  "9999-12-31",
  "10000-01-01",
  "+010000-01-01",
  "-000001-01-01",
  "2026-11-24T10:00Z",
  "9999-12-31T23:00Z",
  "0000-01-01T00:00Z",
  "9999-12-31T23:59:59Z",
  "9999-12-31T23:59:59-23:59",
  "0000-01-01T00:00:00Z",
  "0000-01-01T00:00:00+23:59",
  "2026-11-24T10:00:00.999999999999Z",
  "1764000000000_1:1:",
  "1764000000000_5:3:",
  "1764000000000_0:0:0",
  "1764000000000_10:20:30",
  "1764000000000_10:20:12,11",
  "1764000000000_10:20:,",
  "1764000000000_1:9223372036854775807:",
  "1764000000000_9223372036854775808:9999999999999999999:",
  `1764000000000_10:20:${"11,".repeat(1_000)}`,
  "9999999999999_10:20:",
  "0_10:20:",
];

const refusal = async (call: () => unknown): Promise<string> => {
  try {
    await call();
    return "answered";
  } catch (error) {
    return error instanceof AppError ? error.code : `a defect: ${error instanceof Error ? error.message : error}`;
  }
};
const ALLOWED = ["answered", "invalid_input", "not_found"];

const FILTER = ["q", "status", "kind", "submission", "via", "found", "reason", "since", "from", "to", "sort"];
const filterOf = (name: string, value: string) => parseTaskFilter(new URLSearchParams([[name, value]]));
/** What reads each parameter, by route and name. */
const READERS: [string, (value: string) => unknown][] = [
  ...FILTER.flatMap((name): typeof READERS => [
    [`/api/tasks ?${name}`, (value) => listTasks(context, { filter: filterOf(name, value) })],
    [`/api/tasks/counts ?${name}`, (value) => countTasks(context, filterOf(name, value))],
    [`/api/overview ?${name}`, (value) => getOverview(context, filterOf(name, value))],
    [`/api/tasks/export ?${name}`, (value) => exportTasks(context, { format: "csv", filter: filterOf(name, value) })],
    [`/ ?${name}`, (value) => listTasks(context, { filter: readTaskFilter({ [name]: [value, value] }) })],
  ]),
  ...(["newest", "oldest", "delivered", "costliest"] as const).map((sort): (typeof READERS)[number] => [
    `/api/tasks ?cursor, ${sort}`,
    (cursor) => listTasks(context, { filter: { sort }, cursor }),
  ]),
  ["/api/tasks ?limit", (limit) => listTasks(context, { filter: {}, limit })],
  ["/api/tasks ?ids", (ids) => listTasks(context, { filter: {}, ids: ids.split(",") })],
  ["/api/tasks/[id]", (id) => getTask(context, id)],
  ["/api/tasks/export ?format", (format) => exportTasks(context, { format, filter: {} })],
  ["/api/overview ?from and to", (value) => getOverview(context, parseTaskFilter({ from: value, to: value }))],
  ["/api/overview ?to far away", (to) => getOverview(context, parseTaskFilter({ from: "0001-01-01", to }))],
  ["/api/submissions ?cursor", (cursor) => listSubmissions(context, { cursor })],
  ["/api/submissions ?limit", (limit) => listSubmissions(context, { limit })],
  ["/api/submissions/[id]", (id) => getSubmission(context, id)],
  ["/api/submissions/[id]/rows", (id) => listRows(context, { submissionId: id })],
  ["/api/submissions/[id]/rows ?cursor", (cursor) => listRows(context, { submissionId, cursor })],
  ["/api/submissions/[id]/rows ?limit", (limit) => listRows(context, { submissionId, limit })],
  ["/api/submissions/[id]/rows ?status", (status) => listRows(context, { submissionId, status })],
  ["/api/submissions/[id]/export", (id) => exportSubmission(context, { submissionId: id, format: "csv" })],
  ["/api/submissions/[id]/export ?format", (format) => exportSubmission(context, { submissionId, format })],
  ["/api/deliveries/[id]", (id) => getDelivery(context, id)],
  ...["cursor", "limit", "outcome", "within", "from", "to"].map((name): (typeof READERS)[number] => [
    `/api/deliveries ?${name}`,
    (value) => listDeliveries(context, { [name]: value }),
  ]),
  ["/api/news ?after", (after) => readNews(context, after)],
  ...["cursor", "by", "action"].map((name): (typeof READERS)[number] => [
    `/settings/audit ?${name}`,
    (value) => listAudit(context, { [name]: value }),
  ]),
];

describe("a crafted value is answered or refused, and never a defect", () => {
  test.each(READERS)("%s", async (_, read) => {
    const defects = [];
    for (const value of VALUES) {
      const outcome = await refusal(() => read(value));
      if (!ALLOWED.includes(outcome)) defects.push([value.slice(0, 80), outcome]);
    }
    expect(defects).toEqual([]);
  });
});
