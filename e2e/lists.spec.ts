import { readFile } from "node:fs/promises";
import type { Locator } from "@playwright/test";
import Papa from "papaparse";
import { test as base, expect } from "@/e2e/fixtures";
import { ListPage } from "@/e2e/pages/list-page";

const test = base.extend<{ list: ListPage }>({
  list: async ({ page }, use) => use(new ListPage(page)),
});

/** A thousand people, of whom every fiftieth has a website that is none: 20 in all. */
function makeList(leadName: string): string[][] {
  return Array.from({ length: 1_000 }, (_, index) => [
    `${leadName} Ünal ${index}`,
    index % 50 === 7 ? "no website" : `company-${index}.example`,
    `met at "Café €"; row\n${index}`,
  ]);
}

/** What Sixtyfour says of an address that it found to be wrong. */
const REJECTED = ["INVALID", "NOT_FOUND"];

test("a list of 1,000 rows in UTF-16 goes from file to download: mapped, mended, confirmed, and each result its lead's", async ({
  list,
  page,
  sandbox,
  leadName,
}) => {
  test.slow();
  const rows = makeList(leadName);
  const csv = Papa.unparse([["Full Name", "Web-Site", "Notes"], ...rows], { delimiter: ";" });
  await list.open();
  await list.choose("messe köln.csv", Buffer.from(`\ufeff${csv}`, "utf16le"));

  await expect(list.column("Full Name")).toHaveValue("name");
  await expect(list.column("Web-Site")).toHaveValue("company_domain");
  await expect(list.column("Notes")).toHaveValue("");
  await expect(list.counts).toHaveText("Good980To mend20Duplicates0Left out0");
  await expect(list.seeWhatItComesTo).toBeDisabled();

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download them" }).click();
  const badCsv = await readFile(await (await downloading).path(), "utf8");
  const bad = Papa.parse<string[]>(badCsv.replace("\ufeff", ""), { skipEmptyLines: true }).data;
  expect(bad).toHaveLength(21);
  expect(bad[1]).toEqual([...(rows[7] ?? []), expect.stringContaining("Web-Site: Enter a website")]);

  await list.badRow(8).getByLabel("Web-Site").fill("still none");
  await list.badRow(8).getByRole("button", { name: "Save" }).click();
  await expect(list.badRow(8)).toContainText("Enter a website");
  await list.badRow(8).getByLabel("Web-Site").fill("mended.example");
  await list.badRow(8).getByRole("button", { name: "Save" }).click();
  await expect(list.counts).toHaveText("Good981To mend19Duplicates0Left out0");
  await list.badRow(58).getByRole("button", { name: "Leave out" }).click();
  await expect(list.counts).toHaveText("Good981To mend18Duplicates0Left out1");
  await page.getByRole("button", { name: "Leave out all 18" }).click();
  await expect(list.counts).toHaveText("Good981To mend0Duplicates0Left out19");

  await list.seeWhatItComesTo.click();
  await expect(list.quote).toContainText("981 leads in 10 requests to Sixtyfour.");
  await expect(list.quote).toContainText(/The balance at Sixtyfour is ([\d,]+ credits|about \$[\d,.]+)\./);
  expect(await sandbox.jobs()).toEqual([]);

  await list.submit.click();
  await page.waitForURL("**/submissions/*-*");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("messe köln.csv");
  await expect(page.getByText("981 of 981 leads done")).toBeVisible({ timeout: 45_000 });

  const exporting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  await page.getByRole("link", { name: /CSV/ }).click();
  const exported = await exporting;
  expect(exported.suggestedFilename()).toBe("messe köln-results.csv");
  const text = (await readFile(await exported.path(), "utf8")).replace("\ufeff", "");
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  const jobs = await sandbox.jobs();
  const found = new Map(
    jobs.flatMap(({ body, result }) =>
      (body.leads as { name: string }[]).map(({ name }, index) => {
        const { email } = (result as { email: string[][] }[])[index] ?? { email: [] };
        const [address, status = ""] = email[0] ?? [];
        // Rejected addresses have a column of their own.
        return [name, REJECTED.includes(status) ? "" : (address ?? "")] as const;
      }),
    ),
  );
  expect(found.size).toBe(981);
  expect(new Set(data.map((row) => row["Full Name"]))).toEqual(new Set(found.keys()));
  for (const row of data) {
    expect(row).toMatchObject({ status: "completed", email: found.get(row["Full Name"] ?? "") });
  }
  expect(data.find((row) => row["Full Name"] === rows[7]?.[0])?.["Web-Site"]).toBe("mended.example");
  expect(data[0]?.Notes).toBe(rows[0]?.[2]);
});

test("rows that are pasted are read, with duplicates found, in Windows-1252 as well", async ({
  list,
  page,
  leadName,
}) => {
  await list.open();
  await list.paste(`Contact\tCompany\n${leadName}\tAE\n${leadName.toUpperCase()}\t ae \nSomebody else\tAE\n`);
  await expect(list.column("Contact")).toHaveValue("name");
  await expect(list.counts).toHaveText("Good2To mend0Duplicates1Left out0");
  await page.getByLabel("Submit duplicates too").check();
  await expect(list.counts).toHaveText("Good3To mend0Duplicates1Left out0");

  await page.getByRole("button", { name: "Choose another" }).click();
  const latin = Buffer.concat([Buffer.from("Name,Price\nJos\xe9,", "latin1"), Buffer.from([0x80]), Buffer.from("5\n")]);
  await list.choose("latin.csv", latin);
  await expect(page.getByRole("table", { name: "Columns of the list" })).toContainText("José");
  await expect(page.getByRole("table", { name: "Columns of the list" })).toContainText("€5");
});

test("what is chosen for a column is remembered, and each field is filled by one", async ({ list }) => {
  await list.open();
  await list.choose("a.csv", "Who,Where\nAda,London\n");
  await expect(list.column("Who")).toHaveValue("");
  await expect(list.counts).toHaveText("Good0To mend1Duplicates0Left out0");
  await list.column("Who").selectOption("name");
  await expect(list.counts).toHaveText("Good1To mend0Duplicates0Left out0");
  await list.column("Where").selectOption("name");
  await expect(list.column("Who")).toHaveValue("");
  await list.column("Who").selectOption("name");

  await list.open();
  await list.choose("b.csv", "WHO;x\nBea;y\n");
  await expect(list.column("WHO")).toHaveValue("name");
});

test("what is no list says why, and another can be chosen", async ({ list, page }) => {
  await list.open();
  await list.choose("empty.csv", "");
  await expect(page.getByText("There is nothing in it.")).toBeVisible();
  await list.choose("headers.csv", "Name,Company\n");
  await expect(page.getByText("It has headers, and no rows below them.")).toBeVisible();
  await list.choose("good.csv", "Name,Company\nAda,AE\n");
  await expect(list.counts).toHaveText("Good1To mend0Duplicates0Left out0");
});

test("a workbook and a broken quotation mark are refused with what to do", async ({ list, page }) => {
  await list.open();
  await list.choose("book.xlsx", Buffer.from("PK\x03\x04\x14\0\x06\0\b\0\0\0!\0", "latin1"));
  await expect(page.getByText("It is a workbook, and no CSV file.")).toBeVisible();
  await list.choose("quotes.csv", 'Name,Company\n"Ada" L,AE\nBea,BE\n');
  await expect(
    page.getByText('A quotation mark in line 2 is neither doubled nor closed. It begins: "Ada" L'),
  ).toBeVisible();
});

test("what is copied from a spreadsheet is read as it is pasted", async ({ list, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await list.open();
  await page.evaluate(() => navigator.clipboard.writeText('Name\tCompany\n"Big" Bob\tAE\nBea\tBE\n'));
  await page.getByRole("button", { name: "Paste from a spreadsheet instead" }).click();
  await expect(page.getByLabel("Rows from a spreadsheet")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(list.counts).toHaveText("Good2To mend0Duplicates0Left out0");
  await expect(page.getByRole("table", { name: "Columns of the list" })).toContainText('"Big" Bob · Bea');
});

test("a file that is chosen before the page's code has loaded is read once it has", async ({
  list,
  page,
  leadName,
}) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js*", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto("/submissions/list", { waitUntil: "commit" });
  await list.choose("early.csv", `Name\n${leadName}\n`);
  release();
  await expect(list.counts).toHaveText("Good1To mend0Duplicates0Left out0");
});

test("bad rows come page by page, say what is wrong under the mapping of now, and can be taken back", async ({
  list,
  page,
}) => {
  const rows = Array.from({ length: 30 }, (_, index) => `Person ${index},no site`);
  await list.open("people_intelligence");
  await list.choose("sites.csv", `Name,Website\n${rows.join("\n")}\n`);
  await expect(list.badRow(20)).toContainText("Enter a website");
  await expect(list.badRow(21)).toBeHidden();
  await page.getByRole("button", { name: "Later rows" }).click();
  await expect(page.getByText("21 to 30 of 30")).toBeVisible();
  await expect(list.badRow(30)).toContainText("Enter a website");

  await list.column("Website").selectOption("email");
  await expect(list.badRow(30)).toContainText("Enter an email address");
  await expect(list.badRow(30)).not.toContainText("Enter a website");
  await page.getByRole("button", { name: "Leave out all 30" }).click();
  await expect(list.counts).toHaveText("Good0To mend0Duplicates0Left out30");
  await list.column("Website").selectOption("");
  await page.getByRole("button", { name: "Take back 30 rows left out" }).click();
  await expect(list.counts).toHaveText("Good30To mend0Duplicates0Left out0");
});

test("a connection that breaks while leads are stored is tried again, and each lead is stored once", async ({
  list,
  page,
  leadName,
}) => {
  const rows = Array.from({ length: 1_500 }, (_, index) => `${leadName} ${index}`);
  await list.open();
  await list.choose("long.csv", `Name\n${rows.join("\n")}\n`);
  let calls = 0;
  await page.route("**/submissions/list*", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    calls += 1;
    // The second call is stored and its answer lost; the third does not get there.
    if (calls === 2) await route.fetch();
    return calls === 2 || calls === 3 ? route.abort() : route.continue();
  });
  await list.seeWhatItComesTo.click();
  await expect(list.quote).toContainText("1,500 leads in 15 requests to Sixtyfour.");
  expect(calls).toBeGreaterThan(5);
});

test("storing the leads can be stopped, and begun anew", async ({ list, page, sandbox, leadName }) => {
  await list.open();
  await list.choose("long.csv", `Name\n${leadName} A\n${leadName} B\n`);
  let isReachable = false;
  await page.route("**/submissions/list*", (route) => {
    const isUpload = route.request().method() === "POST" && route.request().postData()?.includes(leadName);
    return isUpload && !isReachable ? route.abort() : route.continue();
  });
  await list.seeWhatItComesTo.click();
  await expect(page.getByText("0 of 2 leads stored")).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(list.seeWhatItComesTo).toBeVisible();
  await expect(page.getByText("This did not go through")).toBeHidden();

  isReachable = true;
  await list.seeWhatItComesTo.click();
  await expect(list.quote).toContainText("2 leads in 1 request to Sixtyfour.");
  expect(await sandbox.jobs()).toEqual([]);
});

test("a list is chosen, mended and submitted by keyboard alone", async ({ list, page, leadName }) => {
  const tabTo = async (target: Locator) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error("The keyboard does not get there.");
  };
  await list.open();
  // Before the key, by so much that the browser knows that it is waited for.
  const choosing = page.waitForEvent("filechooser");
  await tabTo(page.locator("input[type=file]"));
  await page.keyboard.press("Enter");
  const csv = `Name,Website\n${leadName},no site\n${leadName} B,b.example\n${leadName} C,none\n`;
  await (await choosing).setFiles({ name: "k.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(list.counts).toHaveText("Good1To mend2Duplicates0Left out0");

  await tabTo(list.badRow(1).getByLabel("Website"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("ae.example");
  await page.keyboard.press("Enter");
  await expect(list.counts).toHaveText("Good2To mend1Duplicates0Left out0");
  await tabTo(list.badRow(3).getByRole("button", { name: "Leave out" }));
  await page.keyboard.press("Enter");
  await expect(list.counts).toHaveText("Good2To mend0Duplicates0Left out1");
  await tabTo(list.seeWhatItComesTo);
  await page.keyboard.press("Enter");
  await expect(list.quote).toContainText("2 leads in 1 request to Sixtyfour.");
  await tabTo(list.submit);
  await page.keyboard.press("Enter");
  await expect(page.getByText("2 of 2 leads done")).toBeVisible({ timeout: 20_000 });
});

test("leads that are known are reused at a person's word, and cost nothing", async ({
  list,
  page,
  sandbox,
  leadName,
}) => {
  const submit = async (names: string[]) => {
    await list.open();
    await list.choose("known.csv", `Name\n${names.join("\n")}\n`);
    await list.seeWhatItComesTo.click();
  };
  await submit([`${leadName} A`, `${leadName} B`]);
  await list.submit.click();
  await expect(page.getByText("2 of 2 leads done")).toBeVisible({ timeout: 20_000 });

  await submit([`${leadName} b`, `${leadName} C`]);
  await expect(list.quote).toContainText("Reuse existing results for 1 of 2 leads");
  await list.submit.click();
  await expect(page.getByText("2 of 2 leads done")).toBeVisible({ timeout: 20_000 });
  const asked = (await sandbox.jobs()).map(({ body }) => body.lead ?? body.leads);
  expect(asked).toEqual([[{ name: `${leadName} A` }, { name: `${leadName} B` }], { name: `${leadName} C` }]);
  await expect(page.getByRole("row", { name: new RegExp(`${leadName} b`) })).toContainText("Reused");
});

/** Its leads are always found. */
const COMPANY = "Analytical Engines";

test("a list goes out as one file, waits for it, and each row of the result is its lead's", async ({
  list,
  page,
  sandbox,
  leadName,
}) => {
  const names = Array.from({ length: 30 }, (_, index) => `${leadName} ${index}`);
  await list.open("people_intelligence");
  await list.choose(
    "people.csv",
    `Name,Company,Notes\n${names.map((name) => `${name},${COMPANY},"met, at ${name}"`).join("\n")}\n`,
  );
  await page.getByRole("button", { name: "Opening line" }).click();
  await list.seeWhatItComesTo.click();
  await expect(list.quote).toContainText("30 leads in 30 requests to Sixtyfour.");
  await list.quote.getByLabel("As one file").check();
  await expect(list.quote).toContainText("30 leads in one file to Sixtyfour.");
  await sandbox.hold(true);
  await sandbox.setLinkLifetime(0);
  await list.submit.click();
  await expect(page.getByRole("link", { name: "Running 30" })).toBeVisible();
  const [job, ...others] = await sandbox.jobs();
  expect(others).toEqual([]);
  expect(job?.body.file).toMatchObject({
    columns: ["name", "company"],
    rows: names.map((name) => [name, COMPANY]),
  });
  await sandbox.setProgress(job?.taskId ?? "", { completed: 12, total: 30 });

  const submissionUrl = page.url();
  await page
    .getByRole("link", { name: `${leadName} 0`, exact: true })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: `${leadName} 0 and 29 more` })).toBeVisible();
  await expect(page.getByText("30 leads went out in this file")).toBeVisible();
  await expect(page.getByText("counted 30 rows and expects a cost of at least $3")).toBeVisible();
  await page.getByRole("button", { name: /Poll now/ }).click();
  await expect(page.getByText("Sixtyfour has processed 12 of 30 leads.")).toBeVisible();
  await sandbox.release(job?.taskId ?? "");
  // Its link is of no use, so the file is asked for until one is.
  await expect(page.getByText("its file with the results is being fetched")).toBeVisible();
  await sandbox.setLinkLifetime(60_000);
  await page.getByRole("button", { name: "Fetch now" }).click();
  await expect(page.getByText("30 results, each with its lead")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("30 rows of its file, each with its lead.")).toBeVisible();

  await page.goto(submissionUrl);
  await expect(page.getByText("30 of 30 leads done")).toBeVisible();
  const exporting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  await page.getByRole("link", { name: /CSV/ }).click();
  const text = (await readFile(await (await exporting).path(), "utf8")).replace("\ufeff", "");
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  expect(data.map(({ Name, Notes, status }) => ({ Name, Notes, status }))).toEqual(
    names.map((name) => ({ Name: name, Notes: `met, at ${name}`, status: "completed" })),
  );
  for (const row of data) expect(row.opening_line).toBeTruthy();
  const line = page.getByRole("row", { name: new RegExp(`${leadName} 7\\b`) });
  await expect(line).toContainText(data[7]?.opening_line ?? "nothing");
});

test("out of credits half way: the list pauses with the reason, and goes on once it is resumed", async ({
  list,
  page,
  sandbox,
  leadName,
}) => {
  await list.open("people_intelligence");
  await list.choose("broke.csv", `Name\n${Array.from({ length: 12 }, (_, i) => `${leadName} ${i}`).join("\n")}\n`);
  await list.seeWhatItComesTo.click();
  await sandbox.nextSubmit({ status: 402, body: { detail: "Insufficient credits" }, times: 50 });
  await list.submit.click();
  await expect(page.getByText("Not enough credits at Sixtyfour").first()).toBeVisible();
  await expect(page.getByText("Sixtyfour says: “Insufficient credits”").first()).toBeVisible();
  await sandbox.reset();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("12 of 12 leads done")).toBeVisible({ timeout: 30_000 });
  const names = (await sandbox.jobs()).map(({ body }) => (body.lead_info as { name: string }).name);
  expect(names.sort()).toEqual(Array.from({ length: 12 }, (_, i) => `${leadName} ${i}`).sort());
});

test("what is cancelled before it is sent never goes out, also where JavaScript has not loaded", async ({
  list,
  page,
  browser,
  sandbox,
  leadName,
}) => {
  await list.open("people_intelligence");
  await list.choose("cancelled.csv", `Name\n${Array.from({ length: 6 }, (_, i) => `${leadName} ${i}`).join("\n")}\n`);
  await list.seeWhatItComesTo.click();
  await expect(list.submit).toBeVisible();
  await sandbox.nextSubmit({ status: 402, times: 50 });
  await list.submit.click();
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  await sandbox.reset();

  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(page.url());
  await plain.getByText("Cancel the rest").click();
  await plain.getByLabel("I mean it").check();
  await plain.getByRole("button", { name: "Cancel them" }).click();
  await expect(plain.getByText("6 of 6 leads done")).toBeVisible();
  await expect(plain.getByRole("link", { name: "Cancelled 6" })).toBeVisible();
  await expect(plain.getByText("Cancelled before it was sent")).toBeVisible();
  await context.close();
  expect(await sandbox.jobs()).toEqual([]);
});

test("options that change after the quote are quoted anew before anything is sent", async ({
  list,
  page,
  sandbox,
  leadName,
}) => {
  await list.open("people_intelligence");
  await list.choose("options.csv", `Name\n${leadName}\n`);
  await list.seeWhatItComesTo.click();
  await expect(list.submit).toBeVisible();
  await page.getByRole("button", { name: "Opening line" }).click();
  await list.submit.click();
  await expect(page.getByText("The options have changed since.")).toBeVisible();
  expect(await sandbox.jobs()).toEqual([]);
  await list.seeWhatItComesTo.click();
  await list.submit.click();
  await expect(page.getByText("1 of 1 lead done")).toBeVisible({ timeout: 20_000 });
  const [job] = await sandbox.jobs();
  expect(Object.keys(job?.body.struct as object)).toEqual(["recent_activity", "opening_line"]);
});

test("paused, the app killed and started again, and resumed: each lead goes out once", async ({
  list,
  page,
  stack,
  sandbox,
  leadName,
}) => {
  test.slow();
  const names = Array.from({ length: 120 }, (_, i) => `${leadName} ${i}`);
  // A second copy of the app on the same database; the first goes on beside it, as two instances do.
  const second = await stack.startAppWith({});
  await page.goto(`${second.url}/submissions/list?kind=people_intelligence`);
  await list.choose("many.csv", `Name\n${names.join("\n")}\n`);
  await list.seeWhatItComesTo.click();
  await list.submit.click();
  await page.waitForURL("**/submissions/*-*");
  const path = new URL(page.url()).pathname;
  await expect.poll(async () => (await sandbox.jobs()).length).toBeGreaterThan(5);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Nothing more is sent until you resume it.")).toBeVisible({ timeout: 30_000 });
  await second.kill();
  await page.goto(`${stack.app.url}${path}`);
  await expect(page.getByText("Nothing more is sent until you resume it.")).toBeVisible({ timeout: 30_000 });
  expect((await sandbox.jobs()).length).toBeLessThan(120);

  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("link", { name: /^Queued/ })).toBeHidden({ timeout: 60_000 });
  const asked = async () => (await sandbox.jobs()).map(({ body }) => (body.lead_info as { name: string }).name);
  await expect.poll(async () => (await asked()).length, { timeout: 30_000 }).toBe(120);
  expect(new Set(await asked())).toEqual(new Set(names));
});

for (const width of [1440, 390]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`the import fits ${width} px in ${colorScheme}`, async ({ list, page, leadName }, testInfo) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await list.open("company_intelligence");
      await list.choose(
        "a list with a name that is rather long, as such names are.csv",
        `Company;Site;Some other column with a long header\n${leadName};not a site;x\nBea GmbH;bea.example;y\n`,
      );
      await expect(list.counts).toBeVisible();
      await testInfo.attach("import", { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(isWider).toBe(false);
    });
  }
}
