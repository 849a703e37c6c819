import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { forgeDelivery } from "@/sandbox/chaos";
import type { Events } from "@/sandbox/events";
import type { Job } from "@/sandbox/jobs";
import type { WebhookAttempt } from "@/sandbox/journal";

/** The parts of a delivery that a test sets itself. */
export interface Forgery {
  /** Goes there instead of the job's webhook_url. */
  url?: string;
  eventId?: string;
  eventType?: string;
  /** Signs in place of the sandbox's own secrets; null sends it unsigned. */
  secret?: string | null;
  /** Unix seconds. */
  timestamp?: number;
  attempt?: number;
  /** A string goes out byte for byte, anything else as JSON. */
  body?: unknown;
}

export interface Webhooks {
  /** Delivers a job's event, with retries, unless no webhook tells its end or it has had its attempts. */
  start(job: Job): void;
  /** Sends one delivery now, outside of the five attempts, even where sending is paused. */
  deliverNow(job: Job & { webhookUrl: string }, forgery: Forgery): Promise<WebhookAttempt>;
  /** While off, no event is sent and no attempt is used up. */
  setDelivering(on: boolean): void;
  /** Gives up everything that is being sent. */
  cancelAll(): void;
}

/** Documented as after 1, 2, 4, 8, 16 s: with five attempts in all, the waits before attempts 2 to 5 are 1, 2, 4, 8 s. */
const MAX_ATTEMPTS = 5;
/** The secret of a rotation that the app has not been told about. */
const ROTATED_SECRET = `sk_whsec_${"e".repeat(64)}`;

/** Sends the events of one sandbox's jobs. */
export function createWebhooks(options: {
  events: Events;
  secrets: string[];
  retryBaseMs: number;
  timeoutMs: number;
  onAttempt: (job: Job, attempt: WebhookAttempt) => void;
}): Webhooks {
  let cancel = newCancel();
  let gate: Gate | null = null;

  /** Sends all copies of a job's webhook, and before or after them a forged one. */
  const sendAll = async (job: Job & { webhookUrl: string }, firstAttempt: number, signal: AbortSignal) => {
    job.isDelivering = true;
    try {
      if (job.isForged || job.fate?.forged === "before") await forge(job, signal);
      await Promise.all(waitsBeforeCopies(job).map((waitMs) => run(job, firstAttempt, waitMs, signal)));
      if (job.fate?.forged === "after") await forge(job, signal);
    } finally {
      job.isDelivering = false;
    }
  };

  const forge = async (job: Job & { webhookUrl: string }, signal: AbortSignal) => {
    const forgery = forgeDelivery({ ...job, eventId: job.outcome?.eventId ?? randomUUID() });
    const attempt = await send(job, forgery, true, signal);
    if (!signal.aborted) options.onAttempt(job, { ...attempt, forged: true });
  };

  const run = async (job: Job & { webhookUrl: string }, firstAttempt: number, waitMs: number, signal: AbortSignal) => {
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    for (let number = firstAttempt; number <= MAX_ATTEMPTS; number += 1) {
      while (gate) await gate.opened;
      if (signal.aborted || job.dropped) return;
      const signing = job.isSecretRotated ? { secret: ROTATED_SECRET } : {};
      const attempt = await send(job, { attempt: number, ...signing }, false, signal);
      if (signal.aborted) return;
      options.onAttempt(job, attempt);
      if (isDelivered(attempt)) return;
      if (number < MAX_ATTEMPTS) await sleep(options.retryBaseMs * 2 ** (number - 1), undefined, { signal });
    }
  };

  const send = async (
    job: Job & { webhookUrl: string },
    forgery: Forgery,
    manual: boolean,
    signal: AbortSignal,
  ): Promise<WebhookAttempt> => {
    const event = options.events.find(job);
    const { attempt = 1, eventId = job.outcome?.eventId ?? randomUUID(), body = event?.body ?? {} } = forgery;
    const rawBody = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const secrets = forgery.secret === undefined ? options.secrets : forgery.secret === null ? [] : [forgery.secret];
    // Fresh on each attempt: a retry that bore the first one's time could be refused as stale.
    const timestamp = forgery.timestamp ?? Math.floor(Date.now() / 1000);
    const record = { attempt, eventId, at: new Date().toISOString(), manual };
    const deadline = startDeadline(options.timeoutMs, signal);
    try {
      const response = await fetch(forgery.url ?? job.webhookUrl, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          [SIXTYFOUR_HEADERS.eventId]: eventId,
          [SIXTYFOUR_HEADERS.eventType]: forgery.eventType ?? event?.type ?? job.taskType,
          [SIXTYFOUR_HEADERS.deliveryAttempt]: String(attempt),
          ...(secrets.length > 0
            ? { [SIXTYFOUR_HEADERS.signature]: signatureHeader(secrets, timestamp, rawBody) }
            : {}),
        },
        body: rawBody,
        // A redirect is no 2xx, so it is a failed attempt.
        redirect: "manual",
        signal: deadline.signal,
      });
      // Read to its end, so that the connection can serve the next delivery.
      await response.arrayBuffer().catch(() => undefined);
      return { ...record, status: response.status, error: null };
    } catch (error) {
      return { ...record, status: null, error: readError(error) };
    } finally {
      deadline.clear();
    }
  };

  return {
    start(job) {
      if (!hasWebhook(job) || !options.events.find(job)) return;
      const past = job.attempts.filter((attempt) => !attempt.manual);
      if (past.some(isDelivered)) return;
      const firstAttempt = Math.max(0, ...past.map(({ attempt }) => attempt)) + 1;
      const { signal } = cancel;
      sendAll(job, firstAttempt, signal).catch((error: unknown) => {
        if (!signal.aborted) console.error(error);
      });
    },
    async deliverNow(job, forgery) {
      const attempt = await send(job, forgery, true, cancel.signal);
      options.onAttempt(job, attempt);
      return attempt;
    },
    setDelivering(on) {
      if (on) {
        gate?.open();
        gate = null;
      } else {
        gate ??= closeGate();
      }
    },
    cancelAll() {
      cancel.abort();
      cancel = newCancel();
      gate?.open();
      gate = null;
    },
  };
}

/** True if a job has an address for its event. */
export function hasWebhook(job: Job): job is Job & { webhookUrl: string } {
  return job.webhookUrl !== null;
}

/** How long each copy of a job's webhook waits. */
function waitsBeforeCopies({ copies, delayMs, fate }: Job): number[] {
  if (!fate) return Array.from({ length: copies }, () => delayMs);
  const { waitMs, againAfterMs } = fate;
  return againAfterMs === null ? [waitMs] : [waitMs, waitMs + againAfterMs];
}

/** Closed while sending is paused. */
interface Gate {
  opened: Promise<void>;
  open: () => void;
}

function closeGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Not AbortSignal.any with AbortSignal.timeout: Node 20 may collect the timeout before it fires. */
function startDeadline(timeoutMs: number, cancel: AbortSignal): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const giveUp = () => controller.abort(new Error("cancelled"));
  if (cancel.aborted) giveUp();
  cancel.addEventListener("abort", giveUp, { once: true });
  const clear = () => {
    clearTimeout(timer);
    cancel.removeEventListener("abort", giveUp);
  };
  return { signal: controller.signal, clear };
}

function newCancel(): AbortController {
  const controller = new AbortController();
  // Every waiting retry listens to it, and hundreds may wait at once.
  setMaxListeners(0, controller.signal);
  return controller;
}

function isDelivered({ status }: WebhookAttempt): boolean {
  return status !== null && status >= 200 && status < 300;
}

function readError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : null;
  return code ? `${error.message} (${code})` : error.message;
}
