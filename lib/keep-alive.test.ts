import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { keepIdleConnections } from "@/lib/keep-alive";

async function serverAfterARequest(keepAliveTimeout?: number) {
  const server = createServer((_, response) => response.end());
  if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  keepIdleConnections(910_000);
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { idleMs: server.keepAliveTimeout, unusedMs: Math.min(server.headersTimeout, server.requestTimeout) };
}

test("a server keeps idle connections for longer than balancers do, unless it was told for how long", async () => {
  expect(await serverAfterARequest()).toEqual({ idleMs: 910_000, unusedMs: 910_000 });
  expect(await serverAfterARequest(61_000)).toMatchObject({ idleMs: 61_000 });
});
