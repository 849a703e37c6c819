import { expect, test } from "vitest";
import { createBodyBudget } from "@/lib/pipeline/body-budget";
import { readWebhookBody } from "@/lib/pipeline/read-webhook-body";

const request = (body: ReadableStream<Uint8Array>) =>
  new Request("http://localhost", { method: "POST", body, duplex: "half" } as RequestInit);

const chunked = (...chunks: string[]) => {
  const state = { isCancelled: false, left: chunks };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(chunk));
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  return { request: request(body), state };
};

/** A body that sends this text and then nothing more. */
const stalled = (text: string) =>
  request(
    new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) }),
  );

const limits = (maxBytes: number, budget = createBodyBudget(1_000)) => ({
  maxBytes,
  budget,
  isTrusted: async () => false,
  signal: new AbortController().signal,
});

test("a body up to the limit is read whole, byte for byte", async () => {
  const read = await readWebhookBody(chunked("ab", "cd").request, limits(4));
  expect(read.type === "bytes" && Buffer.from(read.bytes).toString()).toBe("abcd");
});

test("a longer body is given up as soon as it is too long, and its rest is thrown away", async () => {
  const { request: long, state } = chunked("abc", "def", "ghi");
  expect(await readWebhookBody(long, limits(4))).toEqual({ type: "too_long" });
  await expect.poll(() => state.left).toEqual([]);
  // To cancel would end the connection before it is answered.
  expect(state.isCancelled).toBe(false);
});

test("a length that is said to be too much is believed", async () => {
  const headers = { "content-length": "5" };
  const post = new Request("http://localhost", { method: "POST", body: "abcde", headers });
  expect(await readWebhookBody(post, limits(4))).toEqual({ type: "too_long" });
});

test("no body is an empty one", async () => {
  const read = await readWebhookBody(new Request("http://localhost", { method: "POST" }), limits(4));
  expect(read.type === "bytes" && read.bytes.byteLength).toBe(0);
});

test("a body that does not come to its end is given up once its time is over, and frees what it held", async () => {
  const budget = createBodyBudget(20);
  const ends = new AbortController();
  const reading = readWebhookBody(stalled("12345"), { ...limits(10, budget), signal: ends.signal });
  const isFree = (bytes: number) => {
    const isReserved = budget.reserve(bytes, false);
    if (isReserved) budget.release(bytes);
    return isReserved;
  };
  await expect.poll(() => isFree(6)).toBe(false);
  ends.abort();
  expect(await reading).toEqual({ type: "too_slow" });
  expect(isFree(10)).toBe(true);
});

test("all bodies together stay within the budget, of which half is kept for senders with a token of ours", async () => {
  const budget = createBodyBudget(20);
  const first = await readWebhookBody(chunked("1234567890").request, limits(100, budget));
  expect(first.type).toBe("bytes");
  expect(await readWebhookBody(chunked("1").request, limits(100, budget))).toEqual({ type: "over_budget" });
  const trusted = { ...limits(100, budget), isTrusted: async () => true };
  const second = await readWebhookBody(chunked("1234567890").request, trusted);
  expect(second.type).toBe("bytes");
  expect(await readWebhookBody(chunked("1").request, trusted)).toEqual({ type: "over_budget" });
  for (const read of [first, second]) if (read.type === "bytes") read.release();
  expect((await readWebhookBody(chunked("1234567890").request, limits(100, budget))).type).toBe("bytes");
});

test("a body that breaks off is told apart from a fault of the app, and frees what it held", async () => {
  const budget = createBodyBudget(20);
  let chunks = 0;
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks += 1;
      if (chunks > 1) controller.error(new Error("gone"));
      else controller.enqueue(new Uint8Array(10));
    },
  });
  expect(await readWebhookBody(request(broken), limits(100, budget))).toEqual({ type: "aborted" });
  expect(budget.reserve(10, false)).toBe(true);
});

test("a body that says its length is not begun unless there is room for all of it", async () => {
  const budget = createBodyBudget(20);
  const { request: long, state } = chunked("1234567890", "1");
  const declared = new Request("http://localhost", {
    method: "POST",
    body: long.body,
    duplex: "half",
    headers: { "content-length": "11" },
  } as RequestInit);
  expect(await readWebhookBody(declared, limits(100, budget))).toEqual({ type: "over_budget" });
  expect(state.left).toContain("1");
  expect(budget.reserve(10, false)).toBe(true);
});
