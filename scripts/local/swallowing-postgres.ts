import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * Stands before a Postgres server, and can be told to swallow what the server says, to reset the connections that it has,
 * or to hang up on new ones. For tests.
 */
export async function startSwallower(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  let isSwallowing = false;
  let isRefusing = false;
  const clients = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    if (isRefusing) {
      client.on("error", () => client.destroy());
      client.resume().end();
      return;
    }
    const postgres = connect(Number(port), hostname);
    client.on("data", (bytes) => postgres.write(bytes));
    postgres.on("data", (bytes) => {
      if (!isSwallowing) client.write(bytes);
    });
    clients.add(client);
    client.on("close", () => clients.delete(client));
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      socket.on("error", () => socket.destroy());
      socket.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const before = new URL(databaseUrl);
  before.hostname = "127.0.0.1";
  before.port = String((server.address() as AddressInfo).port);
  return {
    url: before.href,
    swallow(isOn: boolean) {
      isSwallowing = isOn;
    },
    refuse(isOn: boolean) {
      isRefusing = isOn;
    },
    reset() {
      for (const client of clients) client.resetAndDestroy();
    },
    connections: () => connections,
    async close() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
