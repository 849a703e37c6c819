import { expect, test } from "vitest";
import { downloadResponse } from "@/app/api/download-response";
import { divertLog } from "@/lib/log";

const download = (chunks: AsyncIterable<string>, fileName = "people-results.csv") =>
  downloadResponse({ fileName, mediaType: "text/csv; charset=utf-8", chunks });

async function* endless(log: string[]) {
  try {
    for (let page = 0; ; page += 1) {
      log.push(`page ${page}`);
      yield "x".repeat(1_000);
    }
  } finally {
    log.push("let go");
  }
}

test("nothing is read before somebody takes it, and no page ahead of the client", async () => {
  const log: string[] = [];
  const reader = download(endless(log)).body?.getReader();
  expect(log).toEqual([]);
  await reader?.read();
  await reader?.read();
  expect(log).toEqual(["page 0", "page 1"]);
  await reader?.cancel();
});

test("a client that goes away ends the reading", async () => {
  const log: string[] = [];
  const response = download(endless(log));
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(log).toEqual(["page 0", "let go"]);
});

test("a failure on the way breaks the transfer, is logged, and tells the client nothing", async () => {
  const lines: string[] = [];
  const endDiversion = divertLog((line) => lines.push(line));
  async function* chunks() {
    yield "half a file";
    throw new Error("Failed query: select secret", { cause: new Error("the database is gone") });
  }
  await expect(download(chunks()).text()).rejects.toThrow("An export could not be finished.");
  endDiversion();
  expect(lines.join()).toContain("the database is gone");
  expect(lines.join()).not.toContain("secret");
});

test.each([
  ["people-results.csv", `attachment; filename="people-results.csv"; filename*=UTF-8''people-results.csv`],
  ["Köln 100%.csv", `attachment; filename="K_ln 100_.csv"; filename*=UTF-8''K%C3%B6ln%20100%25.csv`],
  ["it's (new)*.csv", `attachment; filename="it's (new)*.csv"; filename*=UTF-8''it%27s%20%28new%29%2A.csv`],
  ['a"b\\c.csv', `attachment; filename="a_b_c.csv"; filename*=UTF-8''a%22b%5Cc.csv`],
])("the file %j has its name in the header", async (fileName, header) => {
  async function* chunks() {
    yield "";
  }
  const { headers } = download(chunks(), fileName);
  expect(headers.get("content-disposition")).toBe(header);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-accel-buffering")).toBe("no");
});
