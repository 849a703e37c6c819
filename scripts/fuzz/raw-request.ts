import { connect } from "node:net";
import type { FuzzAnswer } from "@/scripts/fuzz/cases";
import { type FuzzRequest, toBytes } from "@/scripts/fuzz/fuzz-request";

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3}) /;
const REST_OF_ANSWER_WITHIN_MS = 1_000;

/** Sends a request over a socket of its own, whatever its bytes are, and reads the status of the answer. */
export function sendRaw(port: number, request: FuzzRequest, withinMs: number): Promise<FuzzAnswer> {
  return new Promise((resolve) => {
    let received = "";
    let status: number | undefined;
    const socket = connect({ host: "localhost", port, allowHalfOpen: true });
    const finish = (answer: FuzzAnswer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(status ?? "hang"), withinMs);
    socket.on("connect", () => {
      const bytes = toBytes(request);
      if (request.ending === "half-close") socket.end(bytes);
      else socket.write(bytes);
    });
    socket.on("data", (chunk) => {
      if (status !== undefined) return;
      received += chunk.toString("latin1");
      // "100 Continue" is no answer yet.
      received = received.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, "");
      if (!received.includes("\r\n\r\n")) return;
      const code = STATUS_LINE.exec(received)?.[1];
      if (!code) return finish("closed");
      status = Number(code);
      // It says "connection: close", so the end of the answer ends the connection as well.
      setTimeout(() => finish(Number(code)), REST_OF_ANSWER_WITHIN_MS).unref();
    });
    socket.on("end", () => finish(status ?? "closed"));
    socket.on("close", () => finish(status ?? "closed"));
    // The server may give up a connection while we still write; what it had answered counts.
    socket.on("error", () => finish(status ?? "closed"));
  });
}
