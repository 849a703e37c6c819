import { createServer, connect as dial, type Socket } from "node:net";

export interface DistantPostgres {
  url: string;
  /** How long it takes from now on from a statement to the first byte of its answer, besides the work itself. */
  setRoundTrip(ms: number): void;
  /** How often somebody has sent something and waited, over all connections; what goes out together counts once. */
  roundTrips(): number;
  close(): Promise<void>;
}

/** Stands before a Postgres and makes it as far away as a host's database is: a machine of one's own hides that. */
export async function startDistantPostgres(
  databaseUrl: string,
  given: { roundTripMs: number },
): Promise<DistantPostgres> {
  const { hostname, port } = new URL(databaseUrl);
  let { roundTripMs } = given;
  let roundTrips = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const postgres = dial(Number(port || 5432), hostname);
    const onItsWay: Buffer[] = [];
    client.on("data", (bytes) => {
      onItsWay.push(bytes);
      if (onItsWay.length > 1) return;
      roundTrips += 1;
      setTimeout(() => postgres.write(Buffer.concat(onItsWay.splice(0))), roundTripMs);
    });
    postgres.pipe(client);
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = typeof address === "object" ? String(address?.port) : "";
  return {
    url: url.href,
    setRoundTrip(ms) {
      roundTripMs = ms;
    },
    roundTrips: () => roundTrips,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
