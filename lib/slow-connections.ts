/**
 * Ends connections that send too slowly. Node's own time-outs are checked every 30 seconds only, are set where the server
 * is made, and let a body take 5 minutes; Next's server is not ours to make. Node's diagnostics channels tell of each
 * connection and request instead: https://nodejs.org/api/diagnostics_channel.html
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { WEBHOOK_PATH } from "@/lib/env";

interface Limits {
  /** From the first byte of a request to the end of its headers. */
  headersWithinMs: number;
  /** A body has this long: that of a webhook for all its bytes, another one for each `leastBytes`. */
  bodyWithinMs: number;
  leastBytes: number;
  /** From the answer to the end of a body that is no longer wanted. */
  restWithinMs: number;
  everyMs: number;
}

/** A sender that is cut off has had less than 30 seconds for its headers, and for its body. */
const LIMITS: Limits = {
  headersWithinMs: 20_000,
  bodyWithinMs: 25_000,
  // 5 kbit/s, where a list of 5 MB may come over a slow line. Node gives each request 5 minutes at most.
  leastBytes: 16_000,
  restWithinMs: 2_000,
  everyMs: 1_000,
};

/** A shorter rest is read, so that the connection can be used again. */
const LONG_REST_BYTES = 256_000;

interface Connection {
  /** The request that is being received or answered; null between two requests. */
  request: IncomingMessage | null;
  /** The time at which the request began, or its body last came on as it should. */
  bodyCameAt: number;
  /** The bytes that had been read by then. */
  bodyBytes: number;
  answeredAt: number | null;
  /** Bytes that had been read when the last request ended. Any byte beyond them belongs to the headers of the next one. */
  bytesBefore: number;
  /** When the first of these bytes was noticed. */
  headersStartedAt: number | null;
}

/** Watches all HTTP connections of this process from now on. Returns a function that ends this. */
export function endSlowConnections(given: Partial<Limits> = {}): () => void {
  const limits = { ...LIMITS, ...given };
  const connections = new Map<Socket, Connection>();
  const upgrading = new WeakSet<Server>();
  const add = (socket: Socket): Connection => {
    const connection: Connection = {
      request: null,
      bodyCameAt: 0,
      bodyBytes: 0,
      answeredAt: null,
      bytesBefore: 0,
      headersStartedAt: null,
    };
    connections.set(socket, connection);
    socket.once("close", () => connections.delete(socket));
    return connection;
  };
  const onConnection = (message: unknown) => {
    const { socket } = message as { socket: Socket & { server?: unknown } };
    const { server } = socket;
    // Below TLS the bytes of a connection say nothing about its requests.
    if (!(server instanceof Server)) return;
    add(socket);
    // No request is told of that upgrades its connection. A server without a listener answers it as any other.
    if (upgrading.has(server) || server.listenerCount("upgrade") === 0) return;
    upgrading.add(server);
    server.prependListener("upgrade", (_, upgraded) => connections.delete(upgraded as Socket));
  };
  const onRequest = (message: unknown) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    const connection = connections.get(socket) ?? add(socket);
    Object.assign(connection, {
      request,
      bodyCameAt: Date.now(),
      bodyBytes: socket.bytesRead,
      answeredAt: null,
      headersStartedAt: null,
    });
  };
  const onAnswer = (message: unknown) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    const connection = connections.get(socket);
    if (connection?.request === request) {
      connection.answeredAt = Date.now();
      if (request.complete) endRequest(socket, connection);
    }
    // Node would now read the rest as fast as it comes, which costs time and memory that others need.
    if (!request.complete && Number(request.headers["content-length"]) > LONG_REST_BYTES) {
      setImmediate(() => socket.pause());
    }
  };
  subscribe("net.server.socket", onConnection);
  subscribe("http.server.request.start", onRequest);
  subscribe("http.server.response.finish", onAnswer);
  const timer = setInterval(() => {
    const now = Date.now();
    for (const [socket, connection] of connections) if (isTooSlow(socket, connection, now, limits)) socket.destroy();
  }, limits.everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    unsubscribe("net.server.socket", onConnection);
    unsubscribe("http.server.request.start", onRequest);
    unsubscribe("http.server.response.finish", onAnswer);
  };
}

function endRequest(socket: Socket, connection: Connection): void {
  Object.assign(connection, { request: null, bytesBefore: socket.bytesRead, headersStartedAt: null });
}

function isTooSlow(socket: Socket, connection: Connection, now: number, limits: Limits): boolean {
  const { request, answeredAt } = connection;
  if (request && !request.complete) {
    if (answeredAt !== null) return now - answeredAt > limits.restWithinMs;
    if (!isWebhook(request) && hasProgressed(request, socket, connection, limits)) {
      Object.assign(connection, { bodyCameAt: now, bodyBytes: socket.bytesRead });
    }
    return now - connection.bodyCameAt > limits.bodyWithinMs;
  }
  // An answer may take as long as it likes, as a stream of events does.
  if (request && answeredAt === null) return false;
  if (request) endRequest(socket, connection);
  if (!hasPartOfHeaders(socket, connection)) return false;
  connection.headersStartedAt ??= now;
  return now - connection.headersStartedAt > limits.headersWithinMs;
}

function isWebhook({ url }: IncomingMessage): boolean {
  return url?.split("?", 1)[0] === WEBHOOK_PATH;
}

/** True also where the sender waits for us: nobody has taken yet what it sent. */
function hasProgressed(
  request: IncomingMessage,
  socket: Socket,
  { bodyBytes }: Connection,
  { leastBytes }: Limits,
): boolean {
  return (
    socket.bytesRead - bodyBytes >= leastBytes || request.readableLength >= Math.max(1, request.readableHighWaterMark)
  );
}

/** A connection on which nothing came yet is none: balancers and browsers open some ahead. Node closes it by and by. */
function hasPartOfHeaders(
  socket: Socket & { parser?: { duration?(): number; headersCompleted?(): boolean } | null },
  { bytesBefore }: Connection,
): boolean {
  if (socket.bytesRead === 0) return false;
  if (socket.bytesRead !== bytesBefore) return true;
  // Headers that came right behind the last request were read along with it. Only Node's parser knows of them.
  const { parser } = socket;
  return (parser?.duration?.() ?? 0) > 0 && parser?.headersCompleted?.() === false;
}
