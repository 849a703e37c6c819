import type { lookup } from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isPrivateAddressError, publicFetch } from "@/lib/public-fetch";

let requests = 0;
const server = createServer((_, response) => {
  requests += 1;
  response.end("secret");
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const signal = () => AbortSignal.timeout(5_000);
const isRefused = async (url: string, resolve?: typeof lookup) => {
  const before = requests;
  const error = await publicFetch(url, { signal: signal() }, resolve ? { resolve } : {}).catch((thrown) => thrown);
  return isPrivateAddressError(error) && requests === before;
};
/** Answers each question with the next of these lists, and counts the questions. */
const resolving = (...answers: string[][]) => {
  const asked: string[] = [];
  const resolve = ((hostname: string, _: unknown, callback: (error: null, found: unknown) => void) => {
    const addresses = answers[asked.length] ?? [];
    asked.push(hostname);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  }) as unknown as typeof lookup;
  return { resolve, asked };
};

describe("a request leads to the internet alone", () => {
  test.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "0x7f.1",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "127.0.0.1.",
    "１２７.0.0.1",
    "localhost",
    "localhost.",
    "LOCALHOST",
  ])("%s is refused before anything is sent", async (host) => {
    expect(await isRefused(`http://${host}:${port}/`)).toBe(true);
  });

  test.each(["169.254.169.254", "2852039166", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16", "10.0.0.1"])(
    "%s is refused",
    async (host) => expect(await isRefused(`http://${host}/latest/meta-data/`)).toBe(true),
  );

  test.each([
    [["127.0.0.1"]],
    [["10.1.2.3"]],
    [["::1"]],
    [["::ffff:169.254.169.254"]],
    [["fe80::1"]],
    [["93.184.216.34", "127.0.0.1"]],
  ])("a name that resolves to %j is refused", async (addresses) => {
    const { resolve } = resolving(addresses);
    expect(await isRefused(`http://files.example:${port}/`, resolve)).toBe(true);
  });

  test("a name that resolves to a private address only after it was checked gains nothing: it is resolved once", async () => {
    // 192.0.2.0/24 would be refused; this one is public and has no host that answers this port.
    const { resolve, asked } = resolving(["203.0.114.1"], ["127.0.0.1"]);
    const before = requests;
    const controller = new AbortController();
    const answer = publicFetch(`http://rebind.example:${port}/`, { signal: controller.signal }, { resolve });
    const settled = answer.then(
      () => "answered",
      () => "failed",
    );
    // The question is put before the connection is tried, so it can be awaited without a clock.
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await settled).toBe("failed");
    expect(asked).toEqual(["rebind.example"]);
    expect(requests).toBe(before);
  });
});

test("who allows private addresses reaches them", async () => {
  const response = await publicFetch(
    `http://localhost:${port}/`,
    { signal: signal() },
    { allowPrivateAddresses: true },
  );
  expect(await response.text()).toBe("secret");
});
