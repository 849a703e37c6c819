import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifySignature } from "@/lib/sixtyfour/signature";
import type { ChaosOptions } from "@/sandbox/chaos";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { type Sandbox, startSandbox } from "@/sandbox/server";
import { type ReceivedDelivery, startWebhookReceiver, type WebhookReceiver } from "@/sandbox/webhook-receiver";

const WITHIN = { timeout: 10_000 };
const SECRET = `sk_whsec_${"c".repeat(64)}`;
const TOKEN = "t0ken";

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

/** The answer's status; null where the connection broke. */
async function submit(name: string): Promise<number | null> {
  const answer = await fetch(`${sandbox.url}/find-email-async`, {
    method: "POST",
    headers: { "x-api-key": "test", "content-type": "application/json" },
    body: JSON.stringify({ lead: { name }, webhook_url: `${receiver.url}?token=${TOKEN}` }),
  }).catch(() => null);
  return answer?.status ?? null;
}

/** Submits leads, and returns the answers and the fate of each accepted job. */
async function run(chaos: ChaosOptions, names: string[]) {
  await control.reset();
  await control.setChaos(chaos);
  const answers = new Map<string, number | null>();
  for (const name of names) answers.set(name, await submit(name));
  const fates = new Map((await control.jobs()).map(({ body, fate }) => [JSON.stringify(body.lead), fate]));
  return { answers: [...answers].sort(), fates: [...fates].sort() };
}

const NAMES = Array.from({ length: 20 }, (_, index) => `Person ${index}`);
const SOME: ChaosOptions = {
  seed: 7,
  loseAnswer: 0.3,
  refuse429: 0.3,
  dropWebhook: 0.3,
  twice: 0.3,
  forge: 0.3,
  reorder: 0.3,
};

describe("chaos", () => {
  test("does the same to the same leads in whatever order they come, and other things under another seed", async () => {
    const first = await run(SOME, NAMES);
    const second = await run(SOME, NAMES.toReversed());
    expect(second).toEqual(first);
    expect(await run({ ...SOME, seed: 8 }, NAMES)).not.toEqual(first);
  });

  test("leaves everything alone until it is set, and after a reset", async () => {
    await control.setChaos({ loseAnswer: 1, refuse429: 1 });
    await control.reset();
    expect(await submit("Ada")).toBe(200);
    expect((await control.jobs())[0]?.fate).toBeNull();
  });

  test("refuses a lead with 429 once or twice, and then accepts it", async () => {
    await control.setChaos({ refuse429: 1 });
    const answers = [await submit("Ada"), await submit("Ada"), await submit("Ada")];
    expect(answers[0]).toBe(429);
    expect(answers[2]).toBe(200);
    const { accepted, chaos } = await control.stats();
    expect(accepted + chaos.refused).toBe(3);
  });

  test("loses an answer after the job was accepted", async () => {
    await control.setChaos({ loseAnswer: 1 });
    expect(await submit("Ada")).toBeNull();
    expect(await control.stats()).toMatchObject({ accepted: 1, chaos: { answersLost: 1 } });
    const [delivery] = await receiver.received(1);
    expect(delivery?.event).toMatchObject({ status: "completed" });
  });

  test("a second job of the same lead has a fate of its own", async () => {
    await control.setChaos({ loseAnswer: 0.5, seed: 3 });
    const answers = [];
    for (let count = 0; count < 12; count += 1) answers.push(await submit("Ada"));
    expect(new Set(answers)).toEqual(new Set([200, null]));
  });

  test("loses a webhook for good, and counts its job as finished", async () => {
    await control.setChaos({ dropWebhook: 1 });
    await submit("Ada");
    await expect.poll(() => control.stats(), WITHIN).toMatchObject({ unfinished: 0, webhookAttempts: 0 });
    expect(await control.jobs()).toMatchObject([{ status: "completed", dropped: true }]);
  });

  test("sends a webhook twice, as the same event", async () => {
    await control.setChaos({ twice: 1 });
    await submit("Ada");
    const [first, second] = await receiver.received(2);
    expect(second?.rawBody).toEqual(first?.rawBody);
    expect(second?.headers["sixtyfour-event-id"]).toBe(first?.headers["sixtyfour-event-id"]);
  });

  test("a forgery names the task, and has neither its result, nor the secret, nor the token", async () => {
    await control.setChaos({ forge: 1 });
    for (const name of NAMES) await submit(name);
    await receiver.received(2 * NAMES.length);
    const forged = receiver.deliveries.filter((delivery) => !isSigned(delivery));
    const right = receiver.deliveries.filter(isSigned);
    expect(forged).toHaveLength(NAMES.length);
    expect(taskIds(forged).sort()).toEqual(taskIds(right).sort());
    for (const { event } of forged) expect(event).toMatchObject({ result: { name: "Forged" } });
    const jobs = await control.jobs();
    expect(jobs.flatMap((job) => job.webhookAttempts).filter((attempt) => attempt.forged)).toHaveLength(NAMES.length);
    expect(new Set(jobs.map((job) => job.fate?.forged))).toEqual(new Set(["before", "after"]));
  });

  test("a lost webhook can still be forged", async () => {
    await control.setChaos({ forge: 1, dropWebhook: 1 });
    await submit("Ada");
    const [delivery] = await receiver.received(1);
    expect(delivery && isSigned(delivery)).toBe(false);
  });

  test("refuses a probability that is none", async () => {
    await expect(control.setChaos({ twice: 2 })).rejects.toThrow("422");
  });
});

function isSigned({ headers, rawBody }: ReceivedDelivery): boolean {
  const header = String(headers["sixtyfour-signature"]);
  const nowInSeconds = Math.floor(Date.now() / 1000);
  return verifySignature({ header, rawBody, secrets: [SECRET], nowInSeconds }).verdict === "valid";
}

function taskIds(deliveries: ReceivedDelivery[]): unknown[] {
  return deliveries.map(({ event }) => (event as { task_id: unknown }).task_id);
}
