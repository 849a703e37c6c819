import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSandboxControl } from "@/sandbox/control-client";
import { type Sandbox, type SandboxOptions, startSandbox } from "@/sandbox/server";
import { startWebhookReceiver, type WebhookReceiver } from "@/sandbox/webhook-receiver";

/** Bounds a wait for what certainly comes. */
const WITHIN = { timeout: 10_000 };

let folder: string;
let stateFile: string;
let receiver: WebhookReceiver;
let running: Sandbox[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  stateFile = join(folder, "state", "jobs.jsonl");
  receiver = await startWebhookReceiver();
  running = [];
});
afterEach(async () => {
  for (const sandbox of running) await sandbox.close();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

async function start(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ stateFile, retryBaseMs: 1, ...options });
  running.push(sandbox);
  return { sandbox, control: createSandboxControl(sandbox.url) };
}

/** Moves the end of every running job into the past. */
function letTimePass() {
  writeFileSync(stateFile, readFileSync(stateFile, "utf8").replace(/"endsAtMs":[\d.]+/g, '"endsAtMs":1'));
}

async function submit(sandbox: Sandbox, lead: object = { name: "Ada Lovelace" }): Promise<string> {
  const response = await fetch(`${sandbox.url}/find-email-async`, {
    method: "POST",
    headers: { "x-api-key": "test", "content-type": "application/json" },
    body: JSON.stringify({ lead, webhook_url: receiver.url }),
  });
  return (await response.json()).task_id;
}

describe("a sandbox with a state file, stopped and started again", () => {
  test("ends a job whose time has passed meanwhile, and delivers it", async () => {
    const before = await start();
    const taskId = await submit(before.sandbox);
    await before.sandbox.close();
    letTimePass();

    await start();
    const [delivery] = await receiver.received(1);
    expect(delivery?.event).toMatchObject({ task_id: taskId, status: "completed" });
  });

  test("delivers an end whose webhook had not gone out, as the same event and at the next attempt", async () => {
    const failing = await startWebhookReceiver(() => 500);
    const before = await start({ speed: 10_000, retryBaseMs: 600_000 });
    const response = await fetch(`${before.sandbox.url}/find-email-async`, {
      method: "POST",
      headers: { "x-api-key": "test", "content-type": "application/json" },
      body: JSON.stringify({ lead: { name: "Ada" }, webhook_url: failing.url }),
    });
    const { task_id } = await response.json();
    await expect.poll(async () => (await before.control.job(task_id)).webhookAttempts, WITHIN).toHaveLength(1);
    await before.sandbox.close();

    await start();
    const [first, second] = await failing.received(2);
    expect(second?.headers["sixtyfour-delivery-attempt"]).toBe("2");
    expect(second?.headers["sixtyfour-event-id"]).toBe(first?.headers["sixtyfour-event-id"]);
    expect(second?.rawBody).toEqual(first?.rawBody);
    await failing.close();
  });

  test("delivers nothing twice, and remembers what was dropped, forgotten, held and charged", async () => {
    const before = await start({ speed: 10_000 });
    const delivered = await submit(before.sandbox);
    await expect.poll(async () => (await before.control.job(delivered)).webhookAttempts, WITHIN).toHaveLength(1);
    await before.control.hold(true);
    const held = await submit(before.sandbox);
    const dropped = await submit(before.sandbox);
    await before.control.drop(dropped);
    await before.control.forget(dropped);
    await before.control.release(dropped, { status: "failed", error: "No luck." });
    const jobs = await before.control.jobs();
    await before.sandbox.close();

    const after = await start();
    expect(await after.control.jobs()).toEqual(jobs);
    await after.control.release(held);
    await receiver.received(2);
    expect(receiver.deliveries.map(({ event }) => event)).toMatchObject([{ task_id: delivered }, { task_id: held }]);
  });

  test("ignores a last line that was torn, and writes on behind it", async () => {
    const before = await start({ speed: 10_000 });
    const taskId = await submit(before.sandbox);
    await receiver.received(1);
    await before.sandbox.close();
    appendFileSync(stateFile, '{"type":"accepted","taskId":"to');

    const after = await start({ speed: 10_000 });
    expect((await after.control.jobs()).map((job) => job.taskId)).toEqual([taskId]);
    const next = await submit(after.sandbox, { name: "Emil Novak" });
    await after.sandbox.close();
    const again = await start();
    expect((await again.control.jobs()).map((job) => job.taskId)).toEqual([taskId, next]);
  });

  test("leaves out a job whose request is not valid any more", async () => {
    const before = await start();
    await submit(before.sandbox, { name: "Ada Lovelace" });
    const kept = await submit(before.sandbox, { name: "Emil Novak" });
    await before.sandbox.close();
    writeFileSync(stateFile, readFileSync(stateFile, "utf8").replace('{"name":"Ada Lovelace"}', "{}"));
    const after = await start();
    expect((await after.control.jobs()).map((job) => job.taskId)).toEqual([kept]);
  });

  test("says which line it can't read, and gives its port back", async () => {
    const before = await start();
    await before.sandbox.close();
    writeFileSync(stateFile, "nonsense\n");
    await expect(start({ port: before.sandbox.port })).rejects.toThrow("Line 1");
    writeFileSync(stateFile, "");
    await start({ port: before.sandbox.port });
  });

  test("has forgotten all after a reset", async () => {
    const before = await start();
    await submit(before.sandbox);
    expect(readFileSync(stateFile, "utf8")).not.toBe("");
    await before.control.reset();
    expect(readFileSync(stateFile, "utf8")).toBe("");
  });
});
