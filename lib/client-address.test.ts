import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { addressGroup, clientAddress } from "@/lib/client-address";
import { noteSocketAddresses, SOCKET_ADDRESS_HEADER } from "@/lib/socket-address";

test("an address that a client makes up does not count where the process notes none", () => {
  expect(addressOf(null, 0)).toBeNull();
  expect(addressOf(null, 1)).toBeNull();
  expect(addressOf("10.0.0.2", 2)).toBeNull();
  noteSocketAddresses();
  expect(addressOf(null, 0)).toBe(SOCKET);
});

const SOCKET = "198.51.100.9";
const addressOf = (forwardedFor: string | null, trustedProxies: number, socket: string | null = SOCKET) => {
  const headers = new Headers();
  if (forwardedFor !== null) headers.set("x-forwarded-for", forwardedFor);
  if (socket !== null) headers.set(SOCKET_ADDRESS_HEADER, socket);
  return clientAddress(headers, { trustedProxies });
};

test.each<[string | null, number, string | null]>([
  // Without a proxy the header is the client's own invention.
  ["203.0.113.1", 0, SOCKET],
  ["203.0.113.1, 203.0.113.2", 0, SOCKET],
  [null, 0, SOCKET],
  // One proxy adds one entry.
  ["203.0.113.1", 1, "203.0.113.1"],
  ["6.6.6.6, 203.0.113.1", 1, "203.0.113.1"],
  ["6.6.6.6,7.7.7.7 ,  203.0.113.1 ", 1, "203.0.113.1"],
  [null, 1, SOCKET],
  // Two add two: the outer one saw the client.
  ["203.0.113.1, 10.0.0.2", 2, "203.0.113.1"],
  ["6.6.6.6, 203.0.113.1, 10.0.0.2", 2, "203.0.113.1"],
  ["10.0.0.2", 2, SOCKET],
  // What is no address is unknown, and not passed on.
  ["unknown", 1, null],
  ["", 1, null],
  ["203.0.113.1, <script>", 1, null],
  ["1", 1, null],
  ["0x7f.1", 1, null],
  // Other ways to write one.
  ["203.0.113.1:4711", 1, "203.0.113.1"],
  ['"[2001:db8::1]:443"', 1, "2001:db8::1"],
  ["[2001:DB8:0:0::1]", 1, "2001:db8::1"],
  ["::ffff:203.0.113.1", 1, "203.0.113.1"],
  ["fe80::1%eth0", 1, "fe80::1"],
])("X-Forwarded-For %j behind %i proxies: %s", (forwardedFor, trustedProxies, address) => {
  expect(addressOf(forwardedFor, trustedProxies)).toBe(address);
});

test("an address is null where neither a proxy nor the connection tells it", () => {
  expect(addressOf("203.0.113.1", 0, null)).toBeNull();
  expect(addressOf(null, 1, null)).toBeNull();
});

test.each([
  ["203.0.113.1", "203.0.113.1"],
  ["::ffff:203.0.113.1", "203.0.113.1"],
  ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2:0:0:0:3", "2001:db8:1:2::/64"],
  ["2001:db8:1:3::1", "2001:db8:1:3::/64"],
  ["::1", "::/64"],
  ["made up", "unknown"],
  ["", "unknown"],
])("%j is counted as %j", (address, group) => expect(addressGroup(address)).toBe(group));

test("a request bears the address of its connection, whatever the client sends in its place", async () => {
  const server = createServer((request, response) => {
    response.end(clientAddress(new Headers(request.headers as Record<string, string>), { trustedProxies: 0 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    headers: { [SOCKET_ADDRESS_HEADER]: "6.6.6.6", "x-forwarded-for": "6.6.6.6" },
  });
  expect(await response.text()).toBe("127.0.0.1");
  server.closeAllConnections();
  server.close();
});
