import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endSlowConnections } from "@/lib/slow-connections";

let server: Server;
let stop: () => void;
const answered: (() => void)[] = [];
const upgraded: Socket[] = [];
beforeAll(async () => {
  stop = endSlowConnections({
    headersWithinMs: 300,
    bodyWithinMs: 300,
    leastBytes: 10,
    restWithinMs: 100,
    everyMs: 20,
  });
  server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (request.url === "/at-once") response.end("early");
    else if (request.url === "/slow-answer") answered.push(() => response.end("late"));
    else request.resume().on("end", () => response.end("whole"));
  });
  server.on("upgrade", (_, socket) => {
    upgraded.push(socket as Socket);
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  stop();
  for (const socket of upgraded) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function open(): { socket: Socket; received: () => string; closed: Promise<void> } {
  let text = "";
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => {});
  return { socket, received: () => text, closed: new Promise((resolve) => socket.on("close", () => resolve())) };
}

/** A connection that is too slow from now on. Whatever was too slow before it is closed before it. */
function openTooSlow() {
  const opened = open();
  opened.socket.write("POST / HTTP/1.1\r\nhost: x\r\nx-slow: ");
  return opened;
}

test("headers that do not come to their end close the connection", async () => {
  await openTooSlow().closed;
});

test("a connection on which nothing was sent yet stays", async () => {
  const ahead = open();
  await openTooSlow().closed;
  await openTooSlow().closed;
  ahead.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(ahead.received).toContain("whole");
  ahead.socket.destroy();
});

test("headers that begin in the packet of the request before, and have no end, close the connection", async () => {
  const { socket, closed, received } = open();
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nx-slow: ");
  await closed;
  expect(received()).toContain("whole");
});

test("a connection that was upgraded stays", async () => {
  const { socket, received } = open();
  socket.write("GET /hmr HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
  await expect.poll(received).toContain("101");
  await openTooSlow().closed;
  await openTooSlow().closed;
  upgraded[0]?.write("still here");
  await expect.poll(received).toContain("still here");
  socket.destroy();
});

test("a body that comes on steadily may take longer, but not that of a webhook", async () => {
  const [upload, webhook] = [open(), open()];
  upload.socket.write("POST /api/submissions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n");
  webhook.socket.write("POST /api/webhooks/sixtyfour?token=t HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n");
  let isWebhookClosed = false;
  void webhook.closed.then(() => {
    isWebhookClosed = true;
  });
  for (let part = 0; part < 50; part += 1) {
    upload.socket.write("x".repeat(20));
    if (!isWebhookClosed) webhook.socket.write("x".repeat(20));
    await sleep(20);
  }
  await expect.poll(upload.received).toContain("whole");
  await webhook.closed;
  upload.socket.destroy();
});

test("a body that does not come to its end is closed", async () => {
  const { socket, closed } = open();
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc");
  await closed;
});

test("a connection whose body is no longer wanted is closed soon after the answer", async () => {
  const { socket, closed, received } = open();
  socket.write("POST /at-once HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc");
  await closed;
  expect(received()).toContain("early");
});

test("headers of a second request that have no end close the connection as well", async () => {
  const { socket, closed, received } = open();
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(received).toContain("whole");
  socket.write("GET / HTTP/1.1\r\n");
  await closed;
});

test("an idle connection that is kept, and an answer that takes long, stay", async () => {
  const [idle, waiting] = [open(), open()];
  idle.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  waiting.socket.write("GET /slow-answer HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(idle.received).toContain("whole");
  // Once a later one is gone, these had their chance to go.
  await openTooSlow().closed;
  await openTooSlow().closed;
  for (const answer of answered) answer();
  await expect.poll(waiting.received).toContain("late");
  idle.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(() => idle.received().split("whole").length).toBe(3);
});
