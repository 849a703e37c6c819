import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifySignature } from "@/lib/sixtyfour/signature";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { type Sandbox, startSandbox } from "@/sandbox/server";
import { startWebhookReceiver, type WebhookReceiver } from "@/sandbox/webhook-receiver";

/** Bounds a wait for what certainly comes. */
const WITHIN = { timeout: 10_000 };

const SECRET = `sk_whsec_${"c".repeat(64)}`;
const nowInSeconds = () => Math.floor(Date.now() / 1000);

let sandbox: Sandbox;
let receiver: WebhookReceiver;
let control: SandboxControl;

beforeEach(async () => {
  sandbox = await startSandbox({ speed: 10_000, retryBaseMs: 1, webhookSecrets: [SECRET] });
  receiver = await startWebhookReceiver();
  control = createSandboxControl(sandbox.url);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

function post(extra: object = {}) {
  return fetch(`${sandbox.url}/find-email-async`, {
    method: "POST",
    headers: { "x-api-key": "test", "content-type": "application/json" },
    body: JSON.stringify({ lead: { name: "Ada Lovelace" }, webhook_url: receiver.url, ...extra }),
  });
}

async function submit(extra: object = {}): Promise<string> {
  const response = await post(extra);
  expect(response.status).toBe(200);
  return (await response.json()).task_id;
}

async function jobStatus(taskId: string) {
  const response = await fetch(`${sandbox.url}/job-status/${taskId}`, { headers: { "x-api-key": "test" } });
  return { code: response.status, body: await response.json() };
}

describe("hold and release", () => {
  test("a held job stays running until it is released, and only then its webhook is sent", async () => {
    await control.hold(true);
    const taskId = await submit();
    await control.hold(false);
    const other = await submit({ lead: { name: "Emil Novak" } });
    const [first] = await receiver.received(1);
    expect(first?.event).toMatchObject({ task_id: other });
    expect(await control.job(taskId)).toMatchObject({ status: "running", held: true, webhookAttempts: [] });

    expect(await control.release(taskId)).toMatchObject({ status: "completed", held: false });
    const [, second] = await receiver.received(2);
    expect(second?.event).toMatchObject({ task_id: taskId, status: "completed" });
  });

  test("a release can say what comes of the job", async () => {
    await control.hold(true);
    const completed = await submit();
    await control.release(completed, { result: { name: "Somebody", email: [] } });
    expect((await jobStatus(completed)).body).toMatchObject({
      status: "completed",
      result: { name: "Somebody", email: [] },
    });
    const failed = await submit();
    await control.release(failed, { status: "failed", error: "No luck." });
    expect((await jobStatus(failed)).body).toMatchObject({ status: "failed", error: "No luck." });
  });

  test("a job that has ended can't be released again", async () => {
    await control.hold(true);
    const taskId = await submit();
    await control.release(taskId);
    await expect(control.release(taskId)).rejects.toThrow("409");
  });
});

describe("deliver", () => {
  const ended = async () => {
    await control.setDelivering(false);
    await control.hold(true);
    const taskId = await submit();
    await control.release(taskId);
    return taskId;
  };

  test("sends the job's event now, several times at once, and tells what was answered", async () => {
    const taskId = await ended();
    expect(await control.deliver(taskId, { times: 3 })).toEqual([200, 200, 200]);
    const eventIds = new Set(receiver.deliveries.map(({ headers }) => headers["sixtyfour-event-id"]));
    expect([receiver.deliveries.length, eventIds.size]).toEqual([3, 1]);
  });

  test("lets a test forge the secret, the time, the ids and the body", async () => {
    const taskId = await ended();
    const timestamp = nowInSeconds() - 301;
    await control.deliver(taskId, { eventId: "event-7", eventType: "other", attempt: 4, timestamp });
    await control.deliver(taskId, { secret: "sk_whsec_forged", body: "{ not json" });
    await control.deliver(taskId, { secret: null, body: { task_id: "unknown" } });

    const [stale, forged, unsigned] = receiver.deliveries;
    expect(stale?.headers).toMatchObject({
      "sixtyfour-event-id": "event-7",
      "sixtyfour-event-type": "other",
      "sixtyfour-delivery-attempt": "4",
    });
    const verdicts = [stale, forged, unsigned].map((delivery) =>
      verifySignature({
        header: delivery?.headers["sixtyfour-signature"]?.toString() ?? null,
        rawBody: delivery?.rawBody ?? Buffer.alloc(0),
        secrets: [SECRET],
        nowInSeconds: nowInSeconds(),
      }),
    );
    expect(verdicts).toMatchObject([{ verdict: "expired" }, { verdict: "mismatch" }, { verdict: "missing" }]);
    expect(forged?.rawBody.toString()).toBe("{ not json");
    expect(unsigned?.event).toEqual({ task_id: "unknown" });
  });

  test("is refused for a running job, unless it is told what to send", async () => {
    await control.hold(true);
    const taskId = await submit();
    await expect(control.deliver(taskId)).rejects.toThrow("409");
    expect(await control.deliver(taskId, { body: { task_id: taskId, status: "completed" } })).toEqual([200]);
  });

  test("is refused for a job without a webhook", async () => {
    const taskId = await submit({ webhook_url: null });
    await expect(control.deliver(taskId, { body: {} })).rejects.toThrow("409");
  });
});

describe("what can go wrong on purpose", () => {
  test("a dropped job sends no webhook, and a poll still knows it", async () => {
    await control.hold(true);
    const taskId = await submit();
    await control.drop(taskId);
    await control.release(taskId);
    await control.hold(false);
    await submit({ lead: { name: "Emil Novak" } });
    await receiver.received(1);
    expect((await control.job(taskId)).webhookAttempts).toEqual([]);
    expect((await jobStatus(taskId)).body).toMatchObject({ status: "completed" });
  });

  test("a forgotten job is 404 to job-status", async () => {
    const taskId = await submit();
    await control.forget(taskId);
    expect(await jobStatus(taskId)).toEqual({ code: 404, body: { detail: "Job not found" } });
  });

  test("paused webhooks use up no attempt, and go out once sending is on again", async () => {
    await control.setDelivering(false);
    const taskId = await submit();
    await expect.poll(async () => (await control.job(taskId)).status, WITHIN).toBe("completed");
    expect(receiver.deliveries).toEqual([]);
    await control.setDelivering(true);
    const [delivery] = await receiver.received(1);
    expect(delivery?.headers["sixtyfour-delivery-attempt"]).toBe("1");
  });

  test("the next submits fail with a status, and none of them is accepted", async () => {
    await control.nextSubmit({ status: 502, body: "<html></html>", headers: { "X-From": "gateway" }, times: 2 });
    const first = await post();
    expect([first.status, first.headers.get("x-from"), await first.text()]).toEqual([502, "gateway", "<html></html>"]);
    expect((await post()).status).toBe(502);
    expect((await control.stats()).accepted).toBe(0);
    await submit();
  });

  test("a submit is accepted and its answer lost", async () => {
    await control.nextSubmit({ loseAnswer: true });
    await expect(post()).rejects.toThrow();
    expect((await control.stats()).accepted).toBe(1);
  });

  test("a submit is accepted and answered with a server fault, or with nonsense", async () => {
    await control.nextSubmit({ status: 504, accepted: true });
    await control.nextSubmit({ body: "<html></html>" });
    expect((await post()).status).toBe(504);
    const nonsense = await post();
    expect([nonsense.status, await nonsense.text()]).toEqual([200, "<html></html>"]);
    expect((await control.stats()).accepted).toBe(2);
  });

  test("a submit is accepted at once and answered late", async () => {
    await control.nextSubmit({ delayMs: 60_000 });
    const leave = new AbortController();
    const answer = fetch(`${sandbox.url}/find-email-async`, {
      method: "POST",
      headers: { "x-api-key": "test", "content-type": "application/json" },
      body: JSON.stringify({ lead: { name: "Ada" }, webhook_url: receiver.url }),
      signal: leave.signal,
    });
    const [delivery] = await receiver.received(1);
    expect(delivery?.event).toMatchObject({ status: "completed" });
    leave.abort();
    await expect(answer).rejects.toThrow();
  });

  test("a submit breaks off with nothing accepted", async () => {
    await control.nextSubmit({ hangUp: true });
    await expect(post()).rejects.toThrow();
    expect((await control.stats()).accepted).toBe(0);
  });

  test("a fault that can't be sent breaks that connection and nothing else", async () => {
    await control.nextSubmit({ status: 500, headers: { "bad header": "x" } });
    await expect(post()).rejects.toThrow();
    await submit();
  });

  test("an invalid submit doesn't use up a fault", async () => {
    await control.nextSubmit({ status: 500 });
    expect((await post({ lead: {} })).status).toBe(422);
    expect((await post()).status).toBe(500);
  });

  test("connections are refused for a while, and taken again after it with the jobs as they were", async () => {
    const taskId = await submit();
    await control.refuseConnections(1_000);
    const error = await post().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await expect.poll(async () => (await control.job(taskId).catch(() => null))?.taskId, WITHIN).toBe(taskId);
  });
});

describe("what can be seen", () => {
  test("jobs show the request as it came in", async () => {
    await control.hold(true);
    const taskId = await submit({ mode: "PERSONAL" });
    expect(await control.jobs()).toEqual([await control.job(taskId)]);
    expect(await control.job(taskId)).toMatchObject({
      path: "/find-email-async",
      taskType: "find_email",
      body: { lead: { name: "Ada Lovelace" }, webhook_url: receiver.url, mode: "PERSONAL" },
    });
  });

  test("stats count what was accepted, and what was accepted again under another webhook", async () => {
    await submit();
    await submit({ webhook_url: `${receiver.url}?other` });
    await submit({ lead: { name: "Emil Novak" } });
    await receiver.received(3);
    await expect
      .poll(() => control.stats(), WITHIN)
      .toMatchObject({ accepted: 3, byPath: { "/find-email-async": 3 }, duplicates: 1, webhookAttempts: 3 });
  });

  test("the health of it", async () => {
    const response = await fetch(`${sandbox.url}/__sandbox/health`);
    expect(await response.json()).toEqual({ status: "ok" });
  });

  test("a misspelt control is refused and not ignored", async () => {
    const send = (path: string, body: object) =>
      fetch(`${sandbox.url}/__sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
    expect((await send("hold", { on: "yes" })).status).toBe(422);
    expect((await send("next-submit", { loseAnwser: true })).status).toBe(422);
    expect((await send("settings", { looseType: true })).status).toBe(422);
    expect((await send("nothing", {})).status).toBe(404);
    await expect(control.job("nothing")).rejects.toThrow("404");
  });

  test("nothing is left after a reset", async () => {
    await control.hold(true);
    await control.nextSubmit({ status: 500 });
    await control.setLooseTypes(true);
    await post();
    await submit();
    await control.reset();
    expect(await (await post()).json()).toMatchObject({ status: "RUNNING" });
    await control.reset();
    const taskId = await submit();
    await expect.poll(async () => (await control.job(taskId)).status, WITHIN).toBe("completed");
    expect(await control.jobs()).toHaveLength(1);
  });
});
