import { createServer, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { keepIdleConnections, readKeepAliveMs } from "@/lib/keep-alive";

async function serverAfterARequest(keepAliveTimeout?: number) {
  const server = createServer((_, response) => response.end());
  if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  keepIdleConnections(910_000);
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(readKeepAliveMs()).toBe(server.keepAliveTimeout);
  return server.keepAliveTimeout;
}

test("a server keeps idle connections for longer than balancers do, unless it was told for how long", async () => {
  expect(await serverAfterARequest()).toBe(910_000);
  expect(await serverAfterARequest(61_000)).toBe(61_000);
});

test("a version of Node with another default is no server that was told for how long", async () => {
  // Node sets its default in the constructor.
  Object.defineProperty(Server.prototype, "keepAliveTimeout", {
    configurable: true,
    get(this: { given?: number }) {
      return this.given;
    },
    set(this: { given?: number }, value: number) {
      this.given = value === 5_000 ? 65_000 : value;
    },
  });
  try {
    expect(await serverAfterARequest()).toBe(910_000);
  } finally {
    delete (Server.prototype as Partial<Server>).keepAliveTimeout;
  }
});
