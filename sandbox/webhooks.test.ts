import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifySignature } from "@/lib/sixtyfour/signature";
import { sixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import { createSandboxControl } from "@/sandbox/control-client";
import { type Sandbox, type SandboxOptions, startSandbox } from "@/sandbox/server";
import {
  type ReceivedDelivery,
  type ReceiverAnswer,
  startWebhookReceiver,
  type WebhookReceiver,
} from "@/sandbox/webhook-receiver";

/** Bounds a wait for what certainly comes. */
const WITHIN = { timeout: 10_000 };

const SECRET = `sk_whsec_${"a".repeat(64)}`;
const OTHER_SECRET = `sk_whsec_${"b".repeat(64)}`;

let closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
});

async function start(options: SandboxOptions = {}, answer?: (earlier: number) => ReceiverAnswer) {
  const sandbox = await startSandbox({ speed: 10_000, retryBaseMs: 1, webhookSecrets: [SECRET], ...options });
  const receiver = await startWebhookReceiver(answer);
  closers.push(sandbox.close, receiver.close);
  return { sandbox, receiver, control: createSandboxControl(sandbox.url) };
}

async function submit(sandbox: Sandbox, receiver: WebhookReceiver, lead: object = { name: "Ada Lovelace" }) {
  const response = await fetch(`${sandbox.url}/find-email-async`, {
    method: "POST",
    headers: { "x-api-key": "test", "content-type": "application/json" },
    body: JSON.stringify({ lead, webhook_url: receiver.url }),
  });
  const { task_id } = await response.json();
  return String(task_id);
}

function judge(delivery: ReceivedDelivery | undefined, secrets: string[]) {
  const header = delivery?.headers["sixtyfour-signature"];
  return verifySignature({
    header: typeof header === "string" ? header : null,
    rawBody: delivery?.rawBody ?? Buffer.alloc(0),
    secrets,
    nowInSeconds: Math.floor(Date.now() / 1000),
  });
}

describe("the webhook of a job that ended", () => {
  test("tells its task, status, type and result, and is signed over its raw bytes", async () => {
    const { sandbox, receiver } = await start();
    const taskId = await submit(sandbox, receiver);
    const [delivery] = await receiver.received(1);

    expect(sixtyfourWebhookEvent.parse(delivery?.event)).toEqual({
      task_id: taskId,
      status: "completed",
      task_type: "find_email",
      result: expect.objectContaining({ name: "Ada Lovelace" }),
    });
    expect(delivery?.headers).toMatchObject({
      "content-type": "application/json",
      "sixtyfour-event-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "sixtyfour-event-type": "find_email",
      "sixtyfour-delivery-attempt": "1",
    });
    expect(judge(delivery, [SECRET])).toMatchObject({ verdict: "valid" });
    expect(judge(delivery, [OTHER_SECRET])).toMatchObject({ verdict: "mismatch" });
  });

  test("carries the error and no result where the job failed", async () => {
    const { sandbox, receiver } = await start();
    await submit(sandbox, receiver, { company: "Fails Inc" });
    const [delivery] = await receiver.received(1);
    expect(delivery?.event).toEqual({
      task_id: expect.any(String),
      status: "failed",
      task_type: "find_email",
      error: expect.any(String),
    });
  });

  test("is signed with each of two secrets during a rotation", async () => {
    const { sandbox, receiver } = await start({ webhookSecrets: [SECRET, OTHER_SECRET] });
    await submit(sandbox, receiver);
    const [delivery] = await receiver.received(1);
    expect(String(delivery?.headers["sixtyfour-signature"]).match(/v1=/g)).toHaveLength(2);
    expect(judge(delivery, [SECRET])).toMatchObject({ verdict: "valid" });
    expect(judge(delivery, [OTHER_SECRET])).toMatchObject({ verdict: "valid" });
  });

  test("bears no signature where there is no secret", async () => {
    const { sandbox, receiver } = await start({ webhookSecrets: [] });
    await submit(sandbox, receiver);
    const [delivery] = await receiver.received(1);
    expect(delivery?.headers).not.toHaveProperty("sixtyfour-signature");
  });

  test("is tried again until a 2xx, as the same event, with the attempt counted", async () => {
    const { sandbox, receiver, control } = await start({}, (earlier) => (earlier < 2 ? 500 : 204));
    const taskId = await submit(sandbox, receiver);
    const deliveries = await receiver.received(3);

    expect(deliveries.map(({ headers }) => headers["sixtyfour-delivery-attempt"])).toEqual(["1", "2", "3"]);
    expect(new Set(deliveries.map(({ headers }) => headers["sixtyfour-event-id"])).size).toBe(1);
    for (const delivery of deliveries) expect(judge(delivery, [SECRET])).toMatchObject({ verdict: "valid" });
    await expect
      .poll(async () => (await control.job(taskId)).webhookAttempts.map(({ status }) => status), WITHIN)
      .toEqual([500, 500, 204]);
  });

  test("is given up after five attempts, whatever went wrong: an error, a redirect or silence", async () => {
    const redirect = { status: 308, headers: { location: "/elsewhere" } };
    const answers: ReceiverAnswer[] = [500, redirect, "silence", 404, 301];
    const { sandbox, receiver, control } = await start(
      { webhookTimeoutMs: 1_000 },
      (earlier) => answers[earlier] ?? 200,
    );
    const taskId = await submit(sandbox, receiver);
    await receiver.received(5);
    await expect.poll(async () => (await control.job(taskId)).webhookAttempts, WITHIN).toHaveLength(5);

    const { webhookAttempts } = await control.job(taskId);
    expect(webhookAttempts.map(({ status }) => status)).toEqual([500, 308, null, 404, 301]);
    expect(webhookAttempts[2]?.error).toBe("no answer within 1000 ms");
    // A sixth attempt would be there by now: another job's whole life lies between.
    await submit(sandbox, receiver);
    await receiver.received(6);
    expect((await control.job(taskId)).webhookAttempts).toHaveLength(5);
  });

  test("to an address where nobody listens is recorded with its error", async () => {
    const { sandbox, receiver, control } = await start();
    await receiver.close();
    const taskId = await submit(sandbox, receiver);
    await expect.poll(async () => (await control.job(taskId)).webhookAttempts, WITHIN).toHaveLength(5);
    expect((await control.job(taskId)).webhookAttempts[0]).toMatchObject({
      status: null,
      error: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("comes twice with one event id for Twice Corp", async () => {
    const { sandbox, receiver } = await start();
    await submit(sandbox, receiver, { company: "Twice Corp" });
    const [first, second] = await receiver.received(2);
    expect(first?.headers["sixtyfour-event-id"]).toBe(second?.headers["sixtyfour-event-id"]);
    expect(first?.rawBody).toEqual(second?.rawBody);
  });

  test("comes after a forged one for Forged AB, and signed by nobody's secret for Rotated Secret BV", async () => {
    const { sandbox, receiver, control } = await start({}, () => 401);
    const verdicts = () => receiver.deliveries.map((delivery) => judge(delivery, [SECRET]).verdict);
    const forged = await submit(sandbox, receiver, { company: "Forged AB" });
    await expect.poll(async () => (await control.job(forged)).webhookAttempts, WITHIN).toHaveLength(6);
    expect(verdicts()).toEqual(["mismatch", "valid", "valid", "valid", "valid", "valid"]);
    expect(receiver.deliveries[0]?.event).toMatchObject({ task_id: forged, result: { name: "Forged" } });

    const rotated = await submit(sandbox, receiver, { company: "Rotated Secret BV" });
    await expect.poll(async () => (await control.job(rotated)).webhookAttempts, WITHIN).toHaveLength(5);
    expect(verdicts().slice(6)).toEqual(Array.from({ length: 5 }, () => "mismatch"));
  });

  test("comes well after the job's end for Late Webhook Oy", async () => {
    const { sandbox, receiver, control } = await start({ speed: 100 });
    const taskId = await submit(sandbox, receiver, { company: "Late Webhook Oy" });
    await receiver.received(1);
    await expect.poll(async () => (await control.job(taskId)).webhookAttempts, WITHIN).toHaveLength(1);
    const { closedAt, webhookAttempts } = await control.job(taskId);
    const waitedMs = Date.parse(webhookAttempts[0]?.at ?? "") - Date.parse(closedAt ?? "");
    expect(waitedMs).toBeGreaterThanOrEqual(15_000 / 100 - 1);
  });

  test("never comes for Never Delivers Ltd, though the job completes", async () => {
    const { sandbox, receiver, control } = await start();
    const silent = await submit(sandbox, receiver, { company: "Never Delivers Ltd" });
    await expect.poll(async () => (await control.job(silent)).status, WITHIN).toBe("completed");
    const heard = await submit(sandbox, receiver);
    const deliveries = await receiver.received(1);
    expect(deliveries[0]?.event).toMatchObject({ task_id: heard });
    expect((await control.job(silent)).webhookAttempts).toEqual([]);
  });
});
