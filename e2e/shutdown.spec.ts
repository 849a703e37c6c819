import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { expect, test } from "@/e2e/fixtures";
import { startStack } from "@/e2e/stack";
import { hashApiToken } from "@/lib/api-tokens/authenticate";
import { createSandboxControl } from "@/sandbox/control-client";

/** More than the app sends at once, so that some are left. */
const LEADS = 40;
const APP_ENV = { REQUESTS_PER_MINUTE: "6000" };

test("SIGTERM under load loses nothing: what is under way is finished and stored, and the next process goes on", async () => {
  const stack = await startStack({ appEnv: APP_ENV });
  const sql = postgres(stack.databaseUrl, { max: 1 });
  const countBy = async () => {
    const rows = await sql<{ status: string; count: number }[]>`
      select status, count(*)::int as count from tasks group by status`;
    return Object.fromEntries(rows.map(({ status, count }) => [status, count])) as Record<string, number>;
  };
  try {
    const sandbox = createSandboxControl(stack.sandboxUrl);
    await sandbox.hold(true);
    // Accepted at once and answered late, when no connection of a webhook is kept open any more: nothing but the sends
    // themselves keeps the process, and of one that is cut off nobody would know.
    await sandbox.nextSubmit({ delayMs: 10_000, times: 30 });
    const token = randomUUID();
    await sql`insert into api_tokens (id, name, token_hash, prefix)
      values (${randomUUID()}, 'load', ${hashApiToken(token)}, 'load')`;
    const answer = await fetch(`${stack.app.url}/api/submissions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        kind: "people_intelligence",
        leads: Array.from({ length: LEADS }, (_, index) => ({ name: `Person ${index}`, company: `Company ${index}` })),
      }),
    });
    expect(answer.status).toBe(201);
    const jobsAtLeast = (count: number) =>
      expect.poll(async () => (await sandbox.jobs()).length, { intervals: [50] }).toBeGreaterThanOrEqual(count);
    await jobsAtLeast(20);
    // Nor is it held up by who listens for news.
    const news = await fetch(`${stack.app.url}/api/news/stream`);
    const ended = (await sandbox.jobs()).slice(0, 5);
    await Promise.all([...ended.map(({ taskId }) => sandbox.release(taskId)), stack.app.stop()]);
    expect(await stack.app.ended).toBe("ended with code 143");
    expect(await news.text()).toContain("data: ");
    const left = await countBy();
    expect({ submitting: left.submitting, unconfirmed: left.unconfirmed }).toEqual({});
    const sent = LEADS - (left.queued ?? 0);
    expect(sent).toBeLessThan(LEADS);
    const jobs = await sandbox.jobs();
    expect(jobs).toHaveLength(sent);
    const stored = await sql<{ id: string }[]>`select sixtyfour_task_id as id from deliveries where answer = 200`;
    const taken = jobs.filter(({ webhookAttempts }) => webhookAttempts.some(({ status }) => status === 200));
    expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(taken.map(({ taskId }) => taskId)));

    const next = await stack.startAppWith(APP_ENV);
    try {
      await expect.poll(async () => (await countBy()).queued ?? 0, { timeout: 30_000 }).toBe(0);
      await jobsAtLeast(LEADS);
      const names = (await sandbox.jobs()).map(({ body }) => (body.lead_info as { name: string }).name);
      expect(names).toHaveLength(LEADS);
      expect(new Set(names).size).toBe(LEADS);
    } finally {
      await next.stop();
    }
  } finally {
    await sql.end();
    await stack.stop();
  }
});

test("a tab that asks again and again, since something runs, does not hold up the end of a server", async ({
  page,
  stack,
  sandbox,
  submission,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  const app = await stack.startAppWith({});
  const streamed = page.waitForResponse((response) => response.url().includes("/api/news/stream"));
  await page.goto(`${app.url}/?q=${leadName}`);
  expect((await streamed).status()).toBe(200);
  await app.stop();
  expect(await app.ended).toBe("ended with code 143");
  // It says so where it could wait no longer.
  expect(app.output()).not.toContain("shutdown_cut_off");
});
