import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endSlowConnections } from "@/lib/slow-connections";

let server: Server;
let stop: () => void;
const answered: (() => void)[] = [];
beforeAll(async () => {
  stop = endSlowConnections({ headersWithinMs: 300, bodyWithinMs: 300, restWithinMs: 100, everyMs: 20 });
  server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (request.url === "/at-once") response.end("early");
    else if (request.url === "/slow-answer") answered.push(() => response.end("late"));
    else request.resume().on("end", () => response.end("whole"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  stop();
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

test("a connection whose headers have no end is closed", async () => {
  const { socket, closed } = open();
  socket.write("POST / HTTP/1.1\r\nhost: x\r\nx-slow: ");
  await closed;
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

test("an idle connection, used before or not, and an answer that takes long, stay", async () => {
  const [unused, idle, waiting, witness] = [open(), open(), open(), open()];
  idle.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  waiting.socket.write("GET /slow-answer HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(idle.received).toContain("whole");
  // Whatever is too slow is closed in this order; once a later one is gone, these had their chance to go.
  witness.socket.write("GET / HTTP/1.1\r\n");
  await witness.closed;
  const last = open();
  last.socket.write("GET / HTTP/1.1\r\n");
  await last.closed;
  for (const answer of answered) answer();
  await expect.poll(waiting.received).toContain("late");
  idle.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(() => idle.received().split("whole").length).toBe(3);
  unused.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(unused.received).toContain("whole");
});
