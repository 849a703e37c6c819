import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

const LOOPBACK_ADDRESSES = ["127.0.0.1", "::1"];
const CONNECT_TIMEOUT_MS = 500;

/** A TCP port that nothing on this machine listens on at this moment. Another process may still take it first. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export type PortState = "free" | "taken" | "forbidden";

/** Whether a server could listen on this port of localhost; `forbidden` where the system reserves it to root. */
export async function portState(port: number): Promise<PortState> {
  for (const address of LOOPBACK_ADDRESSES) {
    // Some systems let us bind an address whose port is taken on all addresses, so we knock first.
    if (await answers(port, address)) return "taken";
    const failure = await bindFailure(port, address);
    if (failure === "EADDRINUSE") return "taken";
    if (failure === "EACCES") return "forbidden";
  }
  return "free";
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: CONNECT_TIMEOUT_MS });
    const settle = (isAnswered: boolean) => {
      socket.destroy();
      resolve(isAnswered);
    };
    socket.once("connect", () => settle(true));
    socket.once("timeout", () => settle(false));
    socket.once("error", () => settle(false));
  });
}

function bindFailure(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
