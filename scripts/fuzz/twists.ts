/** What else can be odd about a request: its headers, its method, its address, and how its end is told. */
import { gzipSync } from "node:zlib";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import type { SeededRandom } from "@/sandbox/seeded-random";
import { type Claim, type FuzzRequest, nowInSeconds, rightV1, withHeader } from "@/scripts/fuzz/fuzz-request";

/** Makes one thing about a right request odd. */
export type Twist = (request: FuzzRequest, random: SeededRandom, claim: Claim) => FuzzRequest;

const { signature, eventId, eventType, deliveryAttempt } = SIXTYFOUR_HEADERS;
/** UTF-8 bytes as Latin-1 characters: what a sender's é looks like on the wire. */
const UNICODE = Buffer.from("é🙂美").toString("latin1");
const V1 = "a".repeat(64);

export const TWISTS: Record<string, Twist> = {
  "10,000 v1": (request) => withHeader(request, signature, `t=${nowInSeconds()}${`,v1=${V1}`.repeat(10_000)}`),
  "100 v1, the last right": (request, _, { secret }) => {
    const t = String(nowInSeconds());
    return withHeader(request, signature, `t=${t}${`,v1=${V1}`.repeat(100)},v1=${rightV1(secret, t, request.body)}`);
  },
  "odd timestamp": (request, random, { secret }) => {
    const now = nowInSeconds();
    const t = random.pick(["", "x", "NaN", "-1", "1e9", `${now}.5`, "9".repeat(400), ` ${now}`, `${now - 301}`, "0"]);
    return withHeader(request, signature, `t=${t},v1=${rightV1(secret, t, request.body)}`);
  },
  "odd signature": (request, random) =>
    withHeader(
      request,
      signature,
      random.pick([
        "",
        ",",
        "=",
        "v1=",
        "t=1",
        `v1=${V1}`,
        `t=1,v1=${"A".repeat(64)}`,
        `t=1,v1=${V1}ff`,
        UNICODE,
        "t=1,v1=é",
      ]),
    ),
  "signature twice": (request, _, { secret }) => ({
    ...request,
    headers: [
      ...request.headers,
      [signature, `t=${nowInSeconds()},v1=${rightV1(secret, String(nowInSeconds()), request.body)}`],
    ],
  }),
  "odd event id": (request, random) =>
    withHeader(
      request,
      random.pick([eventId, eventType]),
      random.pick([
        "",
        "x".repeat(8_000),
        UNICODE,
        "'; drop table tasks; --",
        "\t",
        "same for all",
        "null",
        "\x80\xff",
      ]),
    ),
  "odd attempt": (request, random) =>
    withHeader(
      request,
      deliveryAttempt,
      random.pick(["-1", "0", "1e3", "9".repeat(30), "2147483648", "many", "", "1.5", "0x10", UNICODE, "NaN"]),
    ),
  "odd content-type": (request, random) =>
    withHeader(
      request,
      "content-type",
      random.pick([
        null,
        "",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        UNICODE,
      ]),
    ),
  "Next's own headers": (request, random) => {
    const [name, value] = random.pick<readonly [string, string]>([
      ["next-action", "x".repeat(42)],
      ["rsc", "1"],
      ["next-router-state-tree", "%5B%22"],
      ["next-router-prefetch", "1"],
      ["x-middleware-subrequest", "middleware:middleware"],
      ["x-forwarded-host", "evil.example"],
      ["x-forwarded-proto", "javascript"],
      ["x-nextjs-data", "1"],
      ["purpose", "prefetch"],
      ["x-http-method-override", "GET"],
    ]);
    return withHeader(request, name, value);
  },
  "odd host": (request, random) => ({
    ...request,
    host: random.pick([
      "",
      "localhost:99999",
      "a b",
      "[::1",
      UNICODE,
      "..",
      "%",
      "localhost/../x",
      "x".repeat(3_000),
      "@",
    ]),
  }),
  "content-encoding": (request, random) => {
    const encoding = random.pick(["gzip", "GZIP", "br", "identity", "gzip, br", "", "deflate", "x"]);
    const body = /gzip/i.test(encoding) && random.chance(0.7) ? gzipSync(request.body) : request.body;
    return { ...withHeader(request, "content-encoding", encoding), body };
  },
  "odd method": (request, random) => ({
    ...request,
    method: random.pick(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND", "FOO", "post"]),
  }),
  TRACE: (request) => ({ ...request, method: "TRACE" }),
  "odd address": (request, random) => {
    const [path = ""] = request.target.split("?");
    return {
      ...request,
      target: random.pick([
        `${path}/`,
        `${path}/extra`,
        `/${path}`,
        `${path}?token=a&token=b`,
        `${path}?token=${"t".repeat(4_000)}`,
        `${path}?token=%ff%fe`,
        `${path}?token=%`,
        `${path}?${"a=1&".repeat(2_000)}`,
        `${path}%00`,
        `${path}?token[]=x`,
        path.toUpperCase(),
        `http://evil.example${path}`,
      ]),
    };
  },
  "huge header": (request, random) => withHeader(request, "x-huge", "h".repeat(random.pick([10_000, 15_000, 40_000]))),
  chunked: (request) => ({ ...request, framing: "chunked" }),
  "no content-length": (request) => ({ ...request, framing: "none" }),
  "content-length too small": (request, random) => ({
    ...request,
    framing: { contentLength: String(random.int(0, Math.max(0, request.body.byteLength - 1))) },
  }),
  "content-length too large": (request, random) => ({
    ...request,
    framing: { contentLength: String(request.body.byteLength + random.pick([1, 1_000, 1e8, 1e15])) },
    ending: "half-close",
  }),
  "broken framing": (request, random) => ({
    ...request,
    framing: {
      raw: random.pick([
        "content-length: x",
        "content-length: -1",
        "content-length: 1, 2",
        "content-length: 10\r\ncontent-length: 11",
        "content-length: 10\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked",
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: \x00",
        "expect: 100-continue\r\ncontent-length: 5",
        "upgrade: websocket\r\ncontent-length: 5",
      ]),
    },
    ending: "half-close",
  }),
  "sender stalls": (request) => ({
    ...request,
    framing: { contentLength: String(request.body.byteLength + 10) },
    ending: "stall",
  }),
};
