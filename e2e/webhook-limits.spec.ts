import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { test as base, expect } from "@/e2e/fixtures";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { residentBytes } from "@/scripts/fuzz/resident-memory";
import type { App } from "@/scripts/local/app-process";

const ENDPOINT = "/api/webhooks/sixtyfour";
const UPLOADS = 250;
const UPLOAD_BYTES = 10_000_000;
const MIB = 1024 * 1024;

// A process of its own, so that what other tests have done does not count in its memory.
const test = base.extend<{ limited: App }>({
  limited: async ({ stack }, use) => {
    const app = await stack.startAppWith({});
    await use(app);
    await app.stop();
  },
});

interface Upload {
  socket: Socket;
  openedAt: number;
  received: () => string;
  closed: Promise<number>;
}

/** Opens a connection, and sends the beginning of a request. */
function open(app: App, beginning: string): Upload {
  const openedAt = Date.now();
  let text = "";
  const socket = connect({ host: "localhost", port: Number(new URL(app.url).port) });
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("connect", () => socket.write(beginning));
  const closed = new Promise<number>((resolve) => socket.on("close", () => resolve(Date.now() - openedAt)));
  return { socket, openedAt, received: () => text, closed };
}

function head(headers: Record<string, string>): string {
  const lines = Object.entries({ host: "localhost", "content-type": "application/json", ...headers });
  return `POST ${ENDPOINT} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** A header that could be right: nobody can tell before the body is there. */
const plausible = () => ({ "sixtyfour-signature": `t=${Math.floor(Date.now() / 1000)},v1=${"a".repeat(64)}` });

/** Posts an honest delivery. Returns its status and how long the answer took. */
async function postHonest(app: App, secret: string): Promise<{ status: number; tookMs: number }> {
  const body = JSON.stringify({ task_id: "an honest one", status: "completed", result: {} });
  const signature = signatureHeader([secret], Math.floor(Date.now() / 1000), new TextEncoder().encode(body));
  const startedAt = Date.now();
  const response = await fetch(app.url + ENDPOINT, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "sixtyfour-signature": signature },
  });
  await response.arrayBuffer();
  return { status: response.status, tookMs: Date.now() - startedAt };
}

/** One of many may wait for whatever else this machine does. */
function median(all: number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}

test("a request without a plausible signature and without a token of ours is answered before its body comes", async ({
  limited,
}) => {
  const stale = `t=${Math.floor(Date.now() / 1000) - 400},v1=${"a".repeat(64)}`;
  for (const header of ["", "nonsense", stale]) {
    const headers = { "content-length": String(UPLOAD_BYTES), ...(header && { "sixtyfour-signature": header }) };
    const { socket, received } = open(limited, head(headers));
    await expect.poll(received).toContain("HTTP/1.1 401");
    socket.destroy();
  }
});

test("250 held uploads of 10 MB leave memory and honest deliveries alone, and their sockets are closed", async ({
  limited,
  stack,
}) => {
  test.skip(process.platform === "win32", "Memory is measured by process groups.");
  const usual: number[] = [];
  for (let sent = 0; sent < 50; sent += 1) {
    const { status, tookMs } = await postHonest(limited, stack.webhookSecret);
    expect(status).toBe(200);
    // The first ones load the route and open connections to the database.
    if (sent >= 10) usual.push(tookMs);
  }
  const usualMs = median(usual);
  const before = (await residentBytes(limited.pid)) ?? 0;

  const piece = Buffer.alloc(64 * 1024, "x");
  const uploads = Array.from({ length: UPLOADS }, () => {
    const upload = open(limited, head({ ...plausible(), "content-length": String(UPLOAD_BYTES) }));
    let left = UPLOAD_BYTES - 1;
    const send = () => {
      while (left >= piece.byteLength) {
        left -= piece.byteLength;
        if (!upload.socket.write(piece)) return;
      }
    };
    upload.socket.on("connect", send);
    upload.socket.on("drain", send);
    return upload;
  });
  const allClosed = Promise.all(uploads.map(({ closed }) => closed));
  let isOver = false;
  void allClosed.then(() => {
    isOver = true;
  });
  // To open them all is work of this process, which would count as time that the answers took.
  await Promise.all(uploads.map(({ socket }) => socket.connecting && once(socket, "connect")));
  const honest: { status: number; tookMs: number }[] = [];
  let most = before;
  while (!isOver) {
    honest.push(await postHonest(limited, stack.webhookSecret));
    most = Math.max(most, (await residentBytes(limited.pid)) ?? 0);
    await Promise.race([allClosed, sleep(100)]);
  }
  const closedAfterMs = Math.max(...(await allClosed));
  const medianMs = median(honest.map(({ tookMs }) => tookMs));
  const grownMib = Math.round((most - before) / MIB);
  console.info(JSON.stringify({ honest: honest.length, usualMs, medianMs, grownMib, closedAfterMs }));
  const answers = uploads.map(({ received }) => /^HTTP\/1\.1 (\d+)/.exec(received())?.[1]);
  expect(new Set(answers)).toEqual(new Set(["503"]));
  expect(uploads[0]?.received().toLowerCase()).toContain("retry-after: 5");
  expect(new Set(honest.map(({ status }) => status))).toEqual(new Set([200]));
  // A second, and what this machine takes without any uploads.
  expect(medianMs).toBeLessThan(1_000 + usualMs);
  expect(grownMib).toBeLessThan(100);
  expect(closedAfterMs).toBeLessThan(30_000);
});

test("headers that have no end are cut off within 30 seconds", async ({ limited }) => {
  const { closed } = open(limited, `POST ${ENDPOINT} HTTP/1.1\r\nhost: localhost\r\nx-slow: `);
  expect(await closed).toBeLessThan(30_000);
});
