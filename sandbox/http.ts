import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** An answer of a handler. A string or a stream is sent as it is, anything else as JSON. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Breaks the connection instead of answering. */
export const HANG_UP = Symbol("hang up");

/** A request that ends early with this answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly answer: Answer) {
    super(`refused with ${answer.status}`);
  }
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * The JSON of a request, `undefined` where it has no body.
 *
 * @throws Refusal 413 past 10 MiB; 422 as FastAPI words it where the text is no JSON.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const raw = await readRaw(request, MAX_BODY_BYTES);
  if (raw.length === 0) return undefined;
  const contentType = request.headers["content-type"];
  // FastAPI leaves a body of another declared type unparsed, and then misses the object in it.
  if (contentType && !/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return raw.toString("utf8");
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1] ?? "0";
    const issue = { type: "json_invalid", loc: ["body", Number(position)], msg: "JSON decode error" };
    throw new Refusal({ status: 422, body: { detail: [issue] } });
  }
}

/**
 * The fields of a multipart/form-data request; of one in another form none, as FastAPI has it.
 *
 * @throws Refusal 413 past `maxBytes`; 400 where the body can't be read.
 */
export async function readForm(request: IncomingMessage, maxBytes: number): Promise<FormData> {
  const raw = await readRaw(request, maxBytes);
  const contentType = request.headers["content-type"] ?? "";
  if (!/^multipart\/form-data\b/i.test(contentType)) return new FormData();
  try {
    return await new Response(new Uint8Array(raw), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw new Refusal({ status: 400, body: { detail: "There was an error parsing the body" } });
  }
}

async function readRaw(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A body that is too long is read to its end and thrown away: a client still sending would not see the answer.
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes) throw new Refusal({ status: 413, body: { detail: "Request body too large" } });
  return Buffer.concat(chunks);
}

/** Sends an answer, or breaks the connection. A client that is gone already is no error. */
export function sendAnswer(response: ServerResponse, answer: Answer | typeof HANG_UP): void {
  if (answer === HANG_UP) {
    response.socket?.destroy();
    return;
  }
  if (response.destroyed || response.headersSent) return;
  if (answer.body instanceof Readable) {
    response.writeHead(answer.status, lowerCased(answer.headers));
    // A client that stops reading halfway is as free to do so.
    pipeline(answer.body, response).catch(() => undefined);
    return;
  }
  const isText = typeof answer.body === "string";
  const payload = isText ? String(answer.body) : answer.body === undefined ? "" : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": isText ? "text/html; charset=utf-8" : "application/json",
    ...lowerCased(answer.headers),
  });
  response.end(payload);
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
