import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveries } from "@/db/schema";
import { type Admission, admitDelivery, MAX_UNTRUSTED_BYTES } from "@/lib/pipeline/admit";
import { receiveDelivery } from "@/lib/pipeline/receive";
import { createRejectionLimiter } from "@/lib/pipeline/rejection-limiter";
import { submitLead } from "@/lib/pipeline/submit";
import { createTestBench, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
let token: string;
beforeAll(async () => {
  bench = await createTestBench();
  await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  token = tokenOf((await bench.sandbox.jobs()).at(-1));
});
afterAll(() => bench.close());

const nowInSeconds = () => Math.floor(Date.now() / 1000);
const HEX = "a".repeat(64);

function admit(given: {
  signature?: string;
  token?: string;
  length?: number;
  address?: string | null;
  isUnsigned?: boolean;
}) {
  const headers = new Headers();
  if (given.signature) headers.set("sixtyfour-signature", given.signature);
  if (given.length !== undefined) headers.set("content-length", String(given.length));
  const { context } = bench;
  const webhook = { ...context.webhook, maxBytes: 1_000_000, ...(given.isUnsigned && { secrets: [] }) };
  const { token: given_ = null, address } = given;
  return admitDelivery({ ...context, webhook }, { headers, token: given_, address, receivedAt: new Date() });
}

const bytesOf = (admission: Admission) => ("maxBytes" in admission ? admission.maxBytes : admission.receipt.status);

test("with a secret, a header that could not be right is answered 401 unread, unless a token of ours comes with it", async () => {
  const implausible = [
    undefined,
    "nonsense",
    `t=${nowInSeconds()}`,
    `v1=${HEX}`,
    `t=${nowInSeconds()},v1=${HEX.slice(1)}`,
    `t=${nowInSeconds() - 400},v1=${HEX}`,
    `t=${nowInSeconds() + 400},v1=${HEX}`,
    `t=0,v1=${HEX}`,
    `t=999999999999,v1=${HEX}`,
  ];
  for (const signature of implausible) {
    const given = signature === undefined ? {} : { signature };
    expect(bytesOf(await admit(given)), signature).toBe(401);
    expect(bytesOf(await admit({ ...given, token: "A".repeat(43) })), signature).toBe(401);
    expect(bytesOf(await admit({ ...given, token })), signature).toBe(1_000_000);
  }
  expect(bytesOf(await admit({ signature: `t=${nowInSeconds() - 200},v1=${HEX}` }))).toBe(1_000_000);
  expect(await bench.context.db.$count(deliveries)).toBeGreaterThan(0);
});

test("without a secret, a long body is read only for a token of ours", async () => {
  for (const length of [10, 10_000_000, undefined]) {
    const given = { isUnsigned: true, ...(length === undefined ? {} : { length }) };
    expect(bytesOf(await admit(given))).toBe(MAX_UNTRUSTED_BYTES);
    expect(bytesOf(await admit({ ...given, token: "A".repeat(43) }))).toBe(MAX_UNTRUSTED_BYTES);
  }
  expect(bytesOf(await admit({ isUnsigned: true, length: 500_000, token }))).toBe(1_000_000);
});

test("a client whose requests are rejected again and again is answered 429, and only that client", async () => {
  for (let sent = 0; sent < 60; sent += 1) expect(bytesOf(await admit({ address: "192.0.2.1" }))).toBe(401);
  expect(bytesOf(await admit({ address: "192.0.2.1" }))).toBe(429);
  expect(bytesOf(await admit({ address: "192.0.2.1", isUnsigned: true }))).toBe(429);
  expect(bytesOf(await admit({ address: "192.0.2.1", token }))).toBe(1_000_000);
  expect(bytesOf(await admit({ address: "192.0.2.2" }))).toBe(401);
});

test("a timestamp that no clock can show is counted and limited like any other", async () => {
  const signature = `t=999999999999,v1=${HEX}`;
  for (let sent = 0; sent < 60; sent += 1) expect(bytesOf(await admit({ signature, address: "192.0.2.3" }))).toBe(401);
  expect(bytesOf(await admit({ signature, address: "192.0.2.3" }))).toBe(429);
});

test("without a secret, a client that sends only what belongs to no task of ours is limited, and a token of ours is not", async () => {
  const context = { ...bench.context, webhook: { ...bench.context.webhook, secrets: [] } };
  const request = { headers: new Headers(), address: "192.0.2.4", receivedAt: new Date() };
  const rawBody = () => Buffer.from(JSON.stringify({ task_id: randomUUID(), status: "completed" }));
  for (let sent = 0; sent < 60; sent += 1) {
    const receipt = await receiveDelivery(context, { ...request, token: null, rawBody: rawBody() });
    expect(receipt).toMatchObject({ status: 200, outcome: "unmatched" });
  }
  expect(bytesOf(await admit({ isUnsigned: true, address: "192.0.2.4" }))).toBe(429);
  expect(bytesOf(await admit({ isUnsigned: true, address: "192.0.2.4", token }))).toBe(1_000_000);
});

test("clients whose address is unknown are limited as one", async () => {
  for (let sent = 0; sent < 60; sent += 1) expect(bytesOf(await admit({ address: null }))).toBe(401);
  expect(bytesOf(await admit({ address: null }))).toBe(429);
});

test("the rate limiter forgets an address when its minute is over, and the oldest of too many", () => {
  const limiter = createRejectionLimiter();
  for (let sent = 0; sent < 60; sent += 1) limiter.count("2001:db8::1", 1_000);
  expect(limiter.limitedForSeconds("2001:db8::2", 1_000)).toBe(60);
  expect(limiter.limitedForSeconds("2001:db8::2", 61_000)).toBeNull();
  for (let address = 0; address < 10_000; address += 1) {
    limiter.count(`10.0.${Math.floor(address / 250)}.${address % 250}`, 2_000);
  }
  expect(limiter.limitedForSeconds("2001:db8::2", 2_000)).toBeNull();
});
