import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliveries } from "@/db/schema";
import { getDelivery, maskSignature } from "@/lib/deliveries/get";
import { listDeliveries } from "@/lib/deliveries/list";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { createTestBench, deliver, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const unmatched = (eventId: string = randomUUID()) =>
  deliver(
    bench.context,
    { task_id: randomUUID(), status: "completed", result: { secret: "in the body" } },
    { headers: { "sixtyfour-event-id": eventId, "sixtyfour-delivery-attempt": "2" } },
  );
const refused = (eventId: string = randomUUID()) =>
  deliver(bench.context, { any: 1 }, { signed: false, headers: { "sixtyfour-event-id": eventId } });

describe("the log", () => {
  test("shows every request, newest first, and without its body", async () => {
    await unmatched("first");
    await refused("second");
    const page = await listDeliveries(bench.context, { limit: 2 });
    expect(page.deliveries).toMatchObject([
      { eventId: "second", outcome: "refused", signature: "missing", answer: 401, attempt: null, task: null },
      { eventId: "first", outcome: "unmatched", signature: "valid", answer: 200, attempt: 2, task: null },
    ]);
    expect(JSON.stringify(page)).not.toContain("in the body");
  });

  test("pages neither skip nor repeat, though others come in between", async () => {
    const expected = ["p1", "p2", "p3", "p4", "p5"];
    for (const eventId of expected) await unmatched(eventId);
    const seen: (string | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeliveries(bench.context, { cursor, limit: 2 });
      seen.push(...page.deliveries.map(({ eventId }) => eventId));
      cursor = page.nextCursor ?? undefined;
      await unmatched("came in between");
    } while (cursor);
    expect(seen.slice(0, 5)).toEqual(expected.toReversed());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("is narrowed by outcome", async () => {
    await unmatched();
    await refused();
    const page = await listDeliveries(bench.context, { outcome: "refused", limit: 200 });
    expect(new Set(page.deliveries.map(({ outcome }) => outcome))).toEqual(new Set(["refused"]));
  });

  test("is narrowed by time: from a moment on, and before another", async () => {
    await unmatched("timed");
    const [timed] = (await listDeliveries(bench.context, { limit: 1 })).deliveries;
    const at = timed?.receivedAt ?? "";
    const after = new Date(Date.parse(at) + 1).toISOString();
    const idsOf = async (filter: object) =>
      (await listDeliveries(bench.context, { ...filter, limit: 200 })).deliveries.map(({ eventId }) => eventId);
    expect(await idsOf({ from: at, to: after })).toContain("timed");
    expect(await idsOf({ from: after })).not.toContain("timed");
    expect(await idsOf({ to: at })).not.toContain("timed");
    expect(await idsOf({ from: at.slice(0, 10), to: after.slice(0, 10) })).toContain("timed");
    expect(await idsOf({ within: "hour" })).toContain("timed");
    expect(await idsOf({ within: "any", to: at })).toContain("timed");
    expect(await idsOf({ within: "", outcome: "", from: "" })).toContain("timed");
  });

  test("an old delivery is not of the last hour, and is of the last week", async () => {
    await unmatched("old");
    const receivedAt = new Date(Date.now() - 2 * 3_600_000);
    await bench.context.db.update(deliveries).set({ receivedAt }).where(eq(deliveries.eventId, "old"));
    const old = (page: Awaited<ReturnType<typeof listDeliveries>>) =>
      page.deliveries.some(({ eventId }) => eventId === "old");
    expect(old(await listDeliveries(bench.context, { within: "hour", limit: 200 }))).toBe(false);
    expect(old(await listDeliveries(bench.context, { within: "week", limit: 200 }))).toBe(true);
  });

  test.each([
    { outcome: "nonsense" },
    { within: "month" },
    { from: "yesterday" },
    { to: "2026-13-01" },
    { cursor: "x" },
    { limit: 0 },
  ])("a filter that is none is refused: %o", async (input) => {
    await expect(listDeliveries(bench.context, input)).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("one delivery", () => {
  const last = async () => (await listDeliveries(bench.context, { limit: 1 })).deliveries[0]?.id ?? "";

  test("has headers and payload, and none of the signature's hex", async () => {
    await unmatched("one");
    const delivery = await getDelivery(bench.context, await last());
    expect(delivery).toMatchObject({ eventId: "one", payload: { isJson: true, isCut: false } });
    expect(delivery.payload.text).toContain('"secret": "in the body"');
    expect(delivery.headers).toContainEqual({ name: "sixtyfour-delivery-attempt", value: "2" });
    expect(JSON.stringify(delivery)).not.toMatch(/[0-9a-f]{64}/);
  });

  test("tells that of a refused one only the beginning was kept", async () => {
    await deliver(bench.context, "x".repeat(9_000), { signed: false });
    expect(await getDelivery(bench.context, await last())).toMatchObject({ keptBytes: 4_096, bodyBytes: 9_000 });
  });

  test("is not found for what is no id", async () => {
    await expect(getDelivery(bench.context, "x")).rejects.toMatchObject({ code: "not_found" });
    await expect(getDelivery(bench.context, randomUUID())).rejects.toMatchObject({ code: "not_found" });
  });
});

test("a masked signature keeps the time and the count", () => {
  const header = signatureHeader(["one", "two"], 1_700_000_000, new Uint8Array());
  expect(maskSignature(header)).toMatch(/^t=1700000000,v1=[0-9a-f]{6}…,v1=[0-9a-f]{6}…$/);
  expect(maskSignature("sk_whsec_pasted_by_mistake")).toBe("sk_whs…");
  expect(maskSignature("t=sk_whsec_pasted, v1=, x")).toBe("t=sk_whs…,v1=,x");
});
