import { readFile } from "node:fs/promises";
import type { APIResponse, Page } from "@playwright/test";
import Papa from "papaparse";
import postgres from "postgres";
import { expect, test } from "@/e2e/fixtures";

interface ExportedLead {
  lead: Record<string, string>;
  status: string;
  deliveredVia: string | null;
  result: unknown;
}

const parseCsv = (text: string) =>
  Papa.parse<Record<string, string>>(text.replace(/^\ufeff/, ""), { header: true, skipEmptyLines: true }).data;
const parseJsonLines = (text: string): ExportedLead[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Chooses a format from the dashboard's menu, and reads the file that the browser then saves. */
async function downloadAs(page: Page, format: "CSV" | "JSON Lines"): Promise<{ name: string; text: string }> {
  await page.getByRole("button", { name: "Download" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: format }).click();
  const download = await saved;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

test("the dashboard downloads as CSV and as JSON Lines, with what Sixtyfour found for each lead", async ({
  sandbox,
  submission,
  dashboard,
  page,
  leadName,
}) => {
  await sandbox.hold(true);
  const names = [`${leadName} first`, `${leadName} second`];
  for (const Name of names) await submission.submitFindEmail({ Name, Company: "Analytical Engines" });
  const results = names.map((name, index) => ({
    name,
    email: [[`a${index}@engines.example`, "OK", "COMPANY"]],
    score: -1.5,
  }));
  for (const [index, job] of (await sandbox.jobs()).entries()) {
    await sandbox.release(job.taskId, { status: "completed", result: results[index] });
  }
  for (const name of names) await expect(dashboard.cell(name, "status")).toHaveText("Completed");

  const csv = await downloadAs(page, "CSV");
  expect(csv.name).toMatch(/^tasks-\d{4}-\d\d-\d\d\.csv$/);
  const ours = parseCsv(csv.text).filter(({ name }) => name?.startsWith(leadName));
  const about = { company: "Analytical Engines", status: "completed", error: "", delivered_via: "webhook" };
  const found = { email_status: "OK", email_type: "COMPANY", score: "-1.5" };
  expect(ours).toMatchObject([
    { name: names[1], ...about, email: "a1@engines.example", ...found },
    { name: names[0], ...about, email: "a0@engines.example", ...found },
  ]);

  const jsonLines = await downloadAs(page, "JSON Lines");
  expect(jsonLines.name).toMatch(/\.jsonl$/);
  const objects = parseJsonLines(jsonLines.text).filter(({ lead }) => lead.name?.startsWith(leadName));
  expect(objects).toMatchObject([
    { lead: { name: names[1] }, status: "completed", deliveredVia: "webhook", result: results[1] },
    { lead: { name: names[0] }, status: "completed", deliveredVia: "webhook", result: results[0] },
  ]);
});

test("the download can be had with the keyboard alone", async ({ dashboard, page }) => {
  await dashboard.open();
  await page.getByRole("button", { name: "Download" }).focus();
  const saved = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "CSV" })).toBeVisible();
  await expect(page.getByRole("link", { name: "CSV" })).toBeFocused();
  await page.keyboard.press("Enter");
  expect((await saved).suggestedFilename()).toMatch(/\.csv$/);
});

test("a submission is streamed as a file of its name, its rows are to be had as JSON, and nothing erased is in either", async ({
  sandbox,
  submission,
  dashboard,
  page,
  request,
  stack,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "", { status: "completed", result: { email: [["found@ada.example", "OK"]] } });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  const id = await nameSubmission(stack.databaseUrl, leadName, "Köln.csv");

  const csv = await request.get(`/api/submissions/${id}/export?format=csv`);
  expect(csv.headers()).toMatchObject({
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="K_ln-results.csv"; filename*=UTF-8''K%C3%B6ln-results.csv`,
    "cache-control": "no-store",
  });
  expect((await csv.body()).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(parseCsv(await csv.text())).toMatchObject([{ name: leadName, email: "found@ada.example" }]);
  const rows = await request.get(`/api/submissions/${id}/rows?status=completed`);
  expect(await rows.json()).toMatchObject({ rows: [{ row: 0, lead: { name: leadName } }], nextCursor: null });

  await dashboard.openTask(leadName);
  await page.getByText("Erase this lead").click();
  await page.getByRole("checkbox", { name: "Erase it for good" }).check();
  await page.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Erased lead" })).toBeVisible();
  for (const path of [`/api/submissions/${id}/export?format=csv`, "/api/tasks/export?format=jsonl"]) {
    const text = await (await request.get(path)).text();
    expect(text).toContain("This lead was erased");
    expect(text).not.toContain(leadName);
    expect(text).not.toContain("found@ada.example");
  }
});

test("what can't be exported is told as problem details, before any file begins", async ({ request }) => {
  const nobody = "00000000-0000-4000-8000-000000000000";
  const problem = async (answer: APIResponse) => [answer.status(), (await answer.json()).detail];
  expect(await problem(await request.get(`/api/submissions/${nobody}/export?format=csv`))).toEqual([
    404,
    "There is no such submission.",
  ]);
  for (const path of [`/api/submissions/${nobody}/export`, "/api/tasks/export?format=xlsx"]) {
    const answer = await request.get(path);
    expect(answer.headers()["content-type"]).toBe("application/problem+json");
    expect(answer.headers()).not.toHaveProperty("content-disposition");
    expect(await problem(answer)).toEqual([400, "The format must be csv or jsonl."]);
  }
  expect((await request.get(`/api/submissions/${nobody}/rows`)).status()).toBe(404);
  expect((await request.get(`/api/submissions/${nobody}/rows?cursor=x`)).status()).toBe(400);
});

/** Gives a lead's submission the name of a list, which the form has no field for. */
async function nameSubmission(databaseUrl: string, leadName: string, name: string): Promise<string> {
  const sql = postgres(databaseUrl, { max: 1 });
  const [named] = await sql<{ id: string }[]>`
    update submissions set name = ${name}
    where id = (select submission_id from leads where fields ->> 'name' = ${leadName}) returning id`;
  await sql.end();
  return named?.id ?? "";
}
