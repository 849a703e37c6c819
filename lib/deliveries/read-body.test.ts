import { expect, test } from "vitest";
import { readBody } from "@/lib/deliveries/read-body";

const chunked = (...chunks: string[]) => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(chunk));
    },
    cancel() {
      isCancelled = true;
    },
  });
  const request = new Request("http://localhost", { method: "POST", body, duplex: "half" } as RequestInit);
  return { request, isCancelled: () => isCancelled };
};

test("a body up to the limit is read whole, byte for byte", async () => {
  expect(Buffer.from((await readBody(chunked("ab", "cd").request, 4)) ?? []).toString()).toBe("abcd");
});

test("a longer body is given up as soon as it is too long, whatever its length was said to be", async () => {
  const { request, isCancelled } = chunked("abc", "def", "ghi");
  expect(await readBody(request, 4)).toBeNull();
  expect(isCancelled()).toBe(true);
});

test("a length that is said to be too much is believed", async () => {
  const headers = { "content-length": "5" };
  expect(await readBody(new Request("http://localhost", { method: "POST", body: "abcde", headers }), 4)).toBeNull();
});

test("no body is an empty one", async () => {
  expect(await readBody(new Request("http://localhost", { method: "POST" }), 4)).toHaveLength(0);
});
