/**
 * Ends connections that send too slowly. Node's own time-outs are checked every 30 seconds only, are set where the server
 * is made, and let a body take 5 minutes; Next's server is not ours to make. Node's diagnostics channels tell of each
 * connection and request instead: https://nodejs.org/api/diagnostics_channel.html
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

interface Limits {
  /** From the first byte of a request to the end of its headers. A connection without any byte is idle. */
  headersWithinMs: number;
  /** From the end of the headers to the end of the body. */
  bodyWithinMs: number;
  /** From the answer to the end of a body that is no longer wanted. */
  restWithinMs: number;
  everyMs: number;
}

/** A sender that is cut off has had less than 30 seconds for its headers, and for its body. */
const LIMITS: Limits = { headersWithinMs: 20_000, bodyWithinMs: 25_000, restWithinMs: 2_000, everyMs: 1_000 };

/** A shorter rest is read, so that the connection can be used again. */
const LONG_REST_BYTES = 256_000;

interface Connection {
  /** The request that is being received or answered; null between two requests. */
  request: IncomingMessage | null;
  requestStartedAt: number;
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
  const add = (socket: Socket, bytesBefore: number): Connection => {
    const connection: Connection = {
      request: null,
      requestStartedAt: 0,
      answeredAt: null,
      bytesBefore,
      headersStartedAt: null,
    };
    connections.set(socket, connection);
    socket.once("close", () => connections.delete(socket));
    return connection;
  };
  const onConnection = (message: unknown) => {
    add((message as { socket: Socket }).socket, 0);
  };
  const onRequest = (message: unknown) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    const connection = connections.get(socket) ?? add(socket, -1);
    Object.assign(connection, { request, requestStartedAt: Date.now(), answeredAt: null, headersStartedAt: null });
  };
  const onAnswer = (message: unknown) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    const connection = connections.get(socket);
    if (connection?.request === request) connection.answeredAt = Date.now();
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

function isTooSlow(socket: Socket, connection: Connection, now: number, limits: Limits): boolean {
  const { request, answeredAt } = connection;
  if (request && !request.complete) {
    if (answeredAt !== null) return now - answeredAt > limits.restWithinMs;
    return now - connection.requestStartedAt > limits.bodyWithinMs;
  }
  // An answer may take as long as it likes, as a stream of events does.
  if (request && answeredAt === null) return false;
  if (request) Object.assign(connection, { request: null, bytesBefore: socket.bytesRead, headersStartedAt: null });
  if (socket.bytesRead === connection.bytesBefore) return false;
  connection.headersStartedAt ??= now;
  return now - connection.headersStartedAt > limits.headersWithinMs;
}
