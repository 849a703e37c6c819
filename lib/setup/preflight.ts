import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { desc, eq } from "drizzle-orm";
import { deliveries } from "@/db/schema";
import type { Context } from "@/lib/context";
import { withDeadline } from "@/lib/deadline";
import { PREFLIGHT_EVENT_TYPE } from "@/lib/deliveries/delivery-words";
import { AppError } from "@/lib/errors";
import { recordJobRun } from "@/lib/job-runs";
import { log } from "@/lib/log";
import { webhookUrlPastProtection } from "@/lib/pipeline/webhook-token";
import type { PreflightAnswer, PreflightLog, PreflightReport } from "@/lib/setup/preflight-report";
import { clockSkewInSeconds } from "@/lib/sixtyfour/clock-skew";
import { networkCause, networkCodes } from "@/lib/sixtyfour/network-error";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";

const ANSWER_WITHIN_MS = 15_000;
const READ_LOG_WITHIN_MS = 5_000;
/** Enough of an answer to tell whose it is. */
const READ_CHARACTERS = 16_000;

/**
 * Sends a test delivery to the public webhook address, as Sixtyfour would, and reads from the log how it arrived. It is
 * about no task, so the door keeps it and applies it to nothing. What came of it is kept as that of the last one.
 *
 * Without a signing secret it goes unsigned, as Sixtyfour's own do then.
 *
 * @throws AppError `conflict` where there is no address to send it to
 */
export async function runPreflight(
  context: Context,
  { givesUp = AbortSignal.timeout(ANSWER_WITHIN_MS) }: { givesUp?: AbortSignal } = {},
): Promise<PreflightReport> {
  const { target, secrets } = context.webhook;
  if (target.url === null) {
    throw new AppError("conflict", "There is no address to send it to: set `APP_URL` to this app’s https origin.");
  }
  const eventId = randomUUID();
  const rawBody = new TextEncoder().encode(preflightBody(eventId));
  const sentAt = new Date();
  const headers = {
    "content-type": "application/json",
    [SIXTYFOUR_HEADERS.eventId]: eventId,
    [SIXTYFOUR_HEADERS.eventType]: PREFLIGHT_EVENT_TYPE,
    [SIXTYFOUR_HEADERS.deliveryAttempt]: "1",
    ...(secrets.length > 0
      ? {
          [SIXTYFOUR_HEADERS.signature]: signatureHeader(
            secrets.slice(0, 1),
            Math.floor(sentAt.getTime() / 1000),
            rawBody,
          ),
        }
      : {}),
  };
  const answer = await send(webhookUrlPastProtection(target), { headers, body: rawBody }, givesUp);
  const tookMs = Date.now() - sentAt.getTime();
  const report: PreflightReport = {
    ranAt: sentAt.toISOString(),
    sentTo: withoutParameters(target.url),
    bodyBytes: rawBody.byteLength,
    isSigned: secrets.length > 0,
    tookMs,
    answer,
    log: await readLog(context, eventId, rawBody),
  };
  // A database that can't be read takes nothing either: no use in waiting for it once more.
  if (report.log.type !== "unreadable") await keep(context, report);
  return report;
}

/**
 * Spacing, order, escapes and numbers that no serialiser would write: what reads it and writes it anew on the way is
 * found out, and so is what stumbles over characters beyond ASCII.
 */
function preflightBody(eventId: string): string {
  const text = "Grüße, 東京 🛫  two spaces, \\u00e9 \\/ <b>&amp;</b>";
  return `{ "run_id":"preflight",  "z" : 1.0, "a":1e2, "text":"${text}", "event_id":"${eventId}" }\n`;
}

async function send(
  url: string,
  request: { headers: Record<string, string>; body: Uint8Array<ArrayBuffer> },
  signal: AbortSignal,
): Promise<PreflightAnswer> {
  const sentAtMs = Date.now();
  try {
    const response = await fetch(url, {
      method: "POST",
      ...request,
      // Sixtyfour counts a redirect as a failed attempt, and so must this.
      redirect: "manual",
      cache: "no-store",
      signal,
    });
    const clockSkewSeconds = clockSkewInSeconds(response.headers, sentAtMs, Date.now());
    const text = await readBeginning(response);
    return {
      type: "answer",
      status: response.status,
      form: readForm(response.headers, text),
      host: readHost(response.headers),
      redirect: readRedirect(response, url),
      clockSkewSeconds,
    };
  } catch (error) {
    log.info("preflight_no_answer", { cause: networkCause(error) });
    return { type: "none", reason: readNoAnswer(error) };
  }
}

async function readBeginning(response: Response): Promise<string> {
  if (!response.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > READ_CHARACTERS) break;
  }
  return text;
}

/** The door answers what it took with `received`, and what it did not with problem details. */
function readForm(headers: Headers, text: string): "ours" | "html" | "other" {
  const contentType = headers.get("content-type") ?? "";
  if (/html/i.test(contentType) || /^\s*<(!doctype|html)/i.test(text)) return "html";
  try {
    const body: unknown = JSON.parse(text);
    const isDoors = typeof body === "object" && body !== null && ("received" in body || isProblem(contentType));
    return isDoors ? "ours" : "other";
  } catch {
    return "other";
  }
}

function isProblem(contentType: string): boolean {
  return contentType.startsWith("application/problem+json");
}

function readHost(headers: Headers): "vercel" | "cloudflare" | null {
  const server = headers.get("server")?.toLowerCase() ?? "";
  if (server === "vercel" || headers.has("x-vercel-id") || headers.has("x-vercel-error")) return "vercel";
  return server === "cloudflare" || headers.has("cf-ray") ? "cloudflare" : null;
}

function readRedirect(
  { status, headers }: Response,
  calledUrl: string,
): { origin: string | null; path: string } | null {
  const location = headers.get("location");
  if (status < 300 || status > 399 || !location || !URL.canParse(location, calledUrl)) return null;
  const { origin, pathname } = new URL(location, calledUrl);
  return { origin: origin === new URL(calledUrl).origin ? null : origin, path: pathname };
}

const CODES: Record<string, Extract<PreflightAnswer, { type: "none" }>["reason"]> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  ECONNREFUSED: "refused",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "no_route",
  ENETUNREACH: "no_route",
};

function readNoAnswer(error: unknown): Extract<PreflightAnswer, { type: "none" }>["reason"] {
  if (error instanceof Error && error.name === "TimeoutError") return "timeout";
  const codes = networkCodes(error);
  const known = codes.map((code) => CODES[code]).find((reason) => reason !== undefined);
  if (known) return known;
  const isTls = codes.some((code) => /CERT|SSL|TLS|SIGNATURE|ISSUER|EPROTO/.test(code));
  return isTls ? "tls" : "broken";
}

/** The door stores before it answers, so once there is an answer the log has it or never will. */
async function readLog({ db }: Context, eventId: string, sent: Uint8Array): Promise<PreflightLog> {
  try {
    const newest = db
      .select()
      .from(deliveries)
      .where(eq(deliveries.eventId, eventId))
      .orderBy(desc(deliveries.id))
      .limit(1);
    const [delivery] = await withDeadline(newest.execute(), READ_LOG_WITHIN_MS);
    if (!delivery) return { type: "missing" };
    const { id: deliveryId, signature, signatureAgeSeconds, outcome, body } = delivery;
    return { type: "found", deliveryId, signature, signatureAgeSeconds, outcome, body: compareBodies(sent, body) };
  } catch (error) {
    log.error("preflight_log_unreadable", error);
    return { type: "unreadable" };
  }
}

function compareBodies(sent: Uint8Array, arrived: Uint8Array): "same" | "rewritten" | "changed" {
  if (Buffer.compare(sent, arrived) === 0) return "same";
  const read = (body: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(body));
  try {
    return isDeepStrictEqual(read(sent), read(arrived)) ? "rewritten" : "changed";
  } catch {
    return "changed";
  }
}

/** A result that can't be kept is still one: the page shows it once, and says why. */
async function keep(context: Context, report: PreflightReport): Promise<void> {
  try {
    await withDeadline(recordJobRun(context, "preflight", report), READ_LOG_WITHIN_MS);
  } catch (error) {
    log.error("preflight_not_kept", error);
  }
}

function withoutParameters(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
