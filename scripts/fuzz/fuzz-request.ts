import { sign, signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import type { SeededRandom } from "@/sandbox/seeded-random";

/** How the end of a body is told. A text is a content-length as it is written. */
type Framing = "length" | "chunked" | "none" | { contentLength: string } | { raw: string };

/** One request, down to the bytes. */
export interface FuzzRequest {
  method: string;
  target: string;
  host: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
  framing: Framing;
  /** "half-close" sends no more after the body; "stall" keeps the connection open and stays silent. */
  ending: "wait" | "half-close" | "stall";
}

/** A task of the app, and where Sixtyfour was told to deliver it. */
export interface FuzzTarget {
  taskId: string;
  webhookUrl: URL;
}

/** What the fuzzer knows of the app. */
export interface FuzzWorld {
  /** Any delivery may end these. */
  open: FuzzTarget[];
  /** Only forgeries are sent about these, so they must stay as they are. */
  guarded: FuzzTarget[];
  /** Empty where deliveries are not signed. */
  webhookSecret: string;
}

/** Who a request claims to be about, and what it can show for it. */
export interface Claim {
  taskId: string;
  target: string;
  host: string;
  secret: string | null;
}

const FORGED_SECRET = `sk_whsec_${"e".repeat(64)}`;

/** Draws the task and the credentials: about half of all requests are from Sixtyfour, as far as the app can tell. */
export function drawClaim(random: SeededRandom, world: FuzzWorld): Claim {
  const isForgery = random.chance(0.3);
  const [first, ...others] = isForgery ? world.guarded : world.open;
  if (!first) throw new Error("The fuzzer needs tasks.");
  const about = random.pick([first, ...others]);
  const { host, pathname, search } = about.webhookUrl;
  const address = (query: string) => `${pathname}${query}`;
  if (isForgery) {
    const query = random.pick(["", "?token=", `?token=${"A".repeat(43)}`, "?token=%00", "?other=1"]);
    return { taskId: about.taskId, host, target: address(query), secret: random.pick([null, FORGED_SECRET]) };
  }
  const taskId = random.chance(0.15) ? `unknown-${random.int(1, 1_000_000)}` : about.taskId;
  const secret = world.webhookSecret || null;
  return {
    taskId,
    host,
    target: address(random.chance(0.7) ? search : ""),
    secret: random.chance(0.9) ? secret : null,
  };
}

/** The request that Sixtyfour would send for a claim. */
export function buildRequest(random: SeededRandom, claim: Claim, body: string | Uint8Array): FuzzRequest {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return {
    method: "POST",
    target: claim.target,
    host: claim.host,
    headers: [
      ["content-type", "application/json"],
      ["user-agent", "sixtyfour-webhooks/1.0"],
      [SIXTYFOUR_HEADERS.eventId, `00000000-0000-4000-8000-${String(random.int(1, 1e9)).padStart(12, "0")}`],
      [SIXTYFOUR_HEADERS.eventType, "find_email"],
      [SIXTYFOUR_HEADERS.deliveryAttempt, String(random.int(1, 5))],
      ...(claim.secret ? [signed(claim.secret, bytes)] : []),
    ],
    body: bytes,
    framing: "length",
    ending: "wait",
  };
}

function signed(secret: string, body: Uint8Array): [string, string] {
  return [SIXTYFOUR_HEADERS.signature, signatureHeader([secret], nowInSeconds(), body)];
}

/** A right v1, for headers that are wrong around it. */
export function rightV1(secret: string | null, timestamp: string, body: Uint8Array): string {
  return sign(secret ?? FORGED_SECRET, timestamp, body);
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The same request with a header in place of one of that name, or without it. */
export function withHeader(request: FuzzRequest, name: string, value: string | null): FuzzRequest {
  const others = request.headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: value === null ? others : [...others, [name, value]] };
}

/** The bytes that go over the wire. Header values go out as Latin-1, one byte a character, as they are. */
export function toBytes(request: FuzzRequest): Buffer {
  const { framing } = request;
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    `host: ${request.host}`,
    "connection: close",
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
  ];
  if (framing === "length") lines.push(`content-length: ${request.body.byteLength}`);
  if (framing === "chunked") lines.push("transfer-encoding: chunked");
  if (typeof framing === "object") {
    lines.push("raw" in framing ? framing.raw : `content-length: ${framing.contentLength}`);
  }
  const body = framing === "chunked" ? toChunks(request.body) : Buffer.from(request.body);
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

const CHUNK_BYTES = 1_000;

function toChunks(body: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < body.byteLength; start += CHUNK_BYTES) {
    const chunk = body.subarray(start, start + CHUNK_BYTES);
    parts.push(Buffer.from(`${chunk.byteLength.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}
