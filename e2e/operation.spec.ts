import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { migrateDatabase } from "@/db/migrate";
import { expect, test } from "@/e2e/fixtures";
import { SIGN_IN_VARIABLES, signIn } from "@/e2e/sign-in";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const DELIVERY = '{"task_id":"some-task","status":"completed","result":{}}';

test("an empty dashboard invites to submit and idles; a database that is down is told, and answered 503", async ({
  page,
  stack,
  request,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-e2e-down-"));
  const database = await startEmbeddedPostgres({ dataDir: path.join(folder, "postgres"), durable: false });
  await migrateDatabase(database.url);
  const app = await stack.startAppWith({ DATABASE_URL: database.url, SIXTYFOUR_WEBHOOK_SECRET: "" });
  try {
    await page.clock.install();
    // When the list was asked for, by the page's own clock, which goes on while the machine is slow.
    await page.addInitScript(() => {
      const fetchAsEver = window.fetch;
      window.fetch = (input, init) => {
        const { dataset } = document.documentElement;
        const answer = fetchAsEver(input, init);
        if (!/^\/api\/tasks(\?|$)/.test(String(input))) return answer;
        dataset.askedAt = `${dataset.askedAt ?? ""} ${Date.now()}`;
        dataset.isAsking = "yes";
        return answer.finally(() => delete dataset.isAsking);
      };
    });
    await page.goto(app.url);
    await expect(page.getByRole("heading", { name: "Submit your first lead" })).toBeVisible();

    // It hears when there is something to ask for, and else leaves the list alone for three minutes.
    const askedAt = async () =>
      ((await page.locator("html").getAttribute("data-asked-at")) ?? "").trim().split(" ").map(Number);
    // The stream opens in the machine's time, so the list may be asked for once more when it does.
    await expect(async () => {
      // Shorter than the deadline of a request, which goes by the same clock and not by the machine's.
      await page.clock.runFor(20_000);
      await expect(page.locator("html")).not.toHaveAttribute("data-is-asking");
      const asked = await askedAt();
      expect(asked.length).toBeGreaterThan(2);
      const [before = 0, last = 0] = asked.slice(-2);
      expect(last - before).toBeGreaterThanOrEqual(180_000);
    }).toPass({ intervals: [100] });
    await page.clock.resume();

    const ready = () => request.get(`${app.url}/api/health/ready`);
    expect(await (await ready()).json()).toEqual({ database: "ok", migrations: "ok" });
    await database.stop();
    const unready = await ready();
    expect(unready.status()).toBe(503);
    expect(await unready.json()).toEqual({ database: "out_of_reach", migrations: "unknown" });
    expect((await request.get(`${app.url}/api/health`)).status()).toBe(200);
    const refused = await request.post(`${app.url}/api/webhooks/sixtyfour`, { data: DELIVERY });
    expect(refused.status()).toBe(503);
    await page.goto(app.url);
    const alert = page.getByRole("alert").filter({ hasText: "The tasks could not be loaded" });
    await expect(alert).toContainText("Something went wrong on our side.");

    await page.goto(`${app.url}/submissions/new`);
    await page.getByLabel("Name", { exact: true }).fill("Ada");
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: "nothing was submitted" })).toBeVisible();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada");
  } finally {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test("without a signing secret, unsigned deliveries are taken", async ({ stack, request }) => {
  const app = await stack.startAppWith({ SIXTYFOUR_WEBHOOK_SECRET: "" });
  try {
    const response = await request.post(`${app.url}/api/webhooks/sixtyfour`, { data: DELIVERY });
    expect(response.status()).toBe(200);
  } finally {
    await app.stop();
  }
});

test("during a rotation of the secret, deliveries signed with either are taken", async ({
  stack,
  sandbox,
  page,
  leadName,
}) => {
  const app = await stack.startAppWith({ SIXTYFOUR_WEBHOOK_SECRET: `sk_whsec_new,${stack.webhookSecret}` });
  try {
    await sandbox.hold(true);
    await page.goto(`${app.url}/submissions/new`);
    await page.getByLabel("Name", { exact: true }).fill(leadName);
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await expect(page.getByRole("row").filter({ hasText: leadName })).toContainText("Running");
    const [job] = await sandbox.jobs();
    await sandbox.release(job?.taskId ?? "");
    await expect(page.getByRole("row").filter({ hasText: leadName })).toContainText("by webhook");
    expect(await sandbox.deliver(job?.taskId ?? "", { secret: "sk_whsec_new" })).toEqual([200]);
    expect(await sandbox.deliver(job?.taskId ?? "", { secret: "sk_whsec_old" })).toEqual([401]);
  } finally {
    await app.stop();
  }
});

test("without a public https address no webhook is asked for, the dashboard says so, and the app polls", async ({
  stack,
  sandbox,
  page,
  leadName,
}) => {
  // 0.0.0.0 reaches this machine, and is no address by which the app takes an API for a sandbox.
  const apiUrl = stack.sandboxUrl.replace("127.0.0.1", "0.0.0.0");
  const app = await stack.startAppWith({ SIXTYFOUR_API_URL: apiUrl, APP_URL: "", ...SIGN_IN_VARIABLES });
  try {
    await page.goto(app.url);
    await signIn(page);
    const banner = page.getByRole("alert").filter({ hasText: "Results are polled, not delivered by webhook" });
    await expect(banner).toContainText("APP_URL is not set");
    await expect(banner).toContainText("npm run dev -- --tunnel");
    await expect(page.getByText("Sandbox", { exact: true })).toHaveCount(0);

    await page.goto(`${app.url}/submissions/new`);
    await page.getByLabel("Name", { exact: true }).fill(leadName);
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    const row = page.getByRole("row").filter({ hasText: leadName });
    await expect(row).toContainText("Completed", { timeout: 30_000 });
    await expect(row).toContainText("by reconcile");
    const [job] = await sandbox.jobs();
    expect(job?.body).not.toHaveProperty("webhook_url");
  } finally {
    await app.stop();
  }
});

test("the scheduler's route and the scraper's let in who knows their secret, and nobody where there is none", async ({
  stack,
  request,
}) => {
  const secret = "a-secret-of-enough-length";
  const app = await stack.startAppWith({ CRON_SECRET: secret, METRICS_TOKEN: secret });
  try {
    const call = (address: string, authorization: string) => request.get(address, { headers: { authorization } });
    const allowed = await call(`${app.url}/api/cron/reconcile`, `Bearer ${secret}`);
    const count = expect.any(Number);
    expect(await allowed.json(), app.output()).toEqual({ sent: count, polled: count, fetched: count });
    const database = postgres(stack.databaseUrl, { max: 1 });
    expect(await database`select name from marks where name = 'cron'`).toHaveLength(1);
    await database.end();
    const scraped = await call(`${app.url}/api/metrics`, `Bearer ${secret}`);
    expect(scraped.headers()["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await scraped.text()).toMatch(/^sixtyfour_queue_due_tasks \d+$/m);
    for (const route of ["/api/cron/reconcile", "/api/metrics"]) {
      for (const authorization of ["", "Bearer ", secret, `Bearer ${secret}x`, "Bearer undefined"]) {
        expect((await call(app.url + route, authorization)).status()).toBe(401);
      }
      for (const authorization of ["", "Bearer ", "Bearer undefined"]) {
        expect((await call(stack.app.url + route, authorization)).status()).toBe(401);
      }
    }
  } finally {
    await app.stop();
  }
});

for (const { env, words } of [
  { env: {}, words: "DATABASE_URL and SIXTYFOUR_API_KEY are not set." },
  { env: { DATABASE_URL: "postgres://localhost/x" }, words: "SIXTYFOUR_API_KEY is not set." },
  { env: { DATABASE_URL: "postgres://localhost/x", SIXTYFOUR_API_KEY: "k", APP_URL: "x" }, words: "APP_URL must be" },
]) {
  test(`production doesn't start with ${Object.keys(env).join(", ") || "nothing"} set`, async () => {
    const { code, output } = await runNextStart(env);
    expect(output).toContain(words);
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
}

/** Runs `next start` until it ends; it reads no .env files where a variable is set, if only to nothing. */
async function runNextStart(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const unset = { DATABASE_URL: "", SIXTYFOUR_API_KEY: "", SIXTYFOUR_API_URL: "", APP_URL: "" };
  const next = path.join(PROJECT_DIR, "node_modules/next/dist/bin/next");
  const child = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", "0"], {
    cwd: PROJECT_DIR,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", ...unset, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { code, output };
}
