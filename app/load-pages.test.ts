import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { loadPages } from "@/app/load-pages";
import { freePort } from "@/scripts/local/free-port";

test("a server is asked for a page and for the webhook's route, and followed nowhere", async () => {
  const asked: string[] = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(307, { location: "/" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  await loadPages((server.address() as AddressInfo).port);
  server.close();
  expect(asked).toEqual(["GET /sign-in", "GET /api/webhooks/sixtyfour"]);
});

test("a server that can't be reached there goes on without", async () => {
  await expect(loadPages(await freePort())).resolves.toBeUndefined();
});
