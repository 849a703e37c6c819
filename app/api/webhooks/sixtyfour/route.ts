import { problemResponse } from "@/app/api/problem";
import { clientAddress } from "@/app/client-address";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { appContext, type Context } from "@/lib/context";
import { withDeadline } from "@/lib/deadline";
import { log } from "@/lib/log";
import { nudge } from "@/lib/news/nudge";
import { admitDelivery } from "@/lib/pipeline/admit";
import { type BodyBudget, createBodyBudget } from "@/lib/pipeline/body-budget";
import { readWebhookBody } from "@/lib/pipeline/read-webhook-body";
import { receiveDelivery } from "@/lib/pipeline/receive";
import type { Receipt } from "@/lib/pipeline/reject";
import type { UnreadRequest } from "@/lib/pipeline/webhook-request";
import { TOKEN_PARAMETER } from "@/lib/pipeline/webhook-token";

/** Sixtyfour gives up after 10 seconds; an honest 503 before that makes it try again. */
const ANSWER_WITHIN_MS = 8_000;
/** A body that has not come by then is given up, which leaves time to answer. */
const READ_WITHIN_MS = 7_500;
const RETRY_AFTER_SECONDS = 5;

let budget: BodyBudget | undefined;

/**
 * The webhook endpoint. It rejects by the headers what it can, reads the raw bytes, verifies, records and applies them, and
 * answers. Nothing that matters happens after the answer, and a 2xx is only given for what is stored.
 */
export async function POST(request: Request): Promise<Response> {
  const receivedAt = new Date();
  const context = appContext();
  const { headers } = request;
  const token = new URL(request.url).searchParams.get(TOKEN_PARAMETER);
  try {
    const unread = { headers, token, address: clientAddress(headers), receivedAt };
    const answer = await withDeadline(take(context, request, unread), ANSWER_WITHIN_MS);
    if (typeof answer === "string") return tryAgain(answer);
    nudge();
    runJobsAfterwards();
    const { status, outcome, detail, retryAfterSeconds } = answer;
    if (status === 200) return Response.json({ received: true, outcome });
    const response = problemResponse(status, outcome, detail ?? outcome);
    if (retryAfterSeconds) response.headers.set("retry-after", String(retryAfterSeconds));
    return response;
  } catch (error) {
    log.error("webhook_not_stored", error, { answer: 503, handledMs: Date.now() - receivedAt.getTime() });
    return problemResponse(503, "unavailable", "The delivery could not be stored. Please try again.");
  }
}

async function take(
  context: Context,
  request: Request,
  unread: UnreadRequest,
): Promise<Receipt | keyof typeof REASONS> {
  const admission = await admitDelivery(context, unread);
  if ("receipt" in admission) return admission.receipt;
  budget ??= createBodyBudget(context.webhook.memoryBytes);
  const body = await readWebhookBody(request, { ...admission, budget, signal: AbortSignal.timeout(READ_WITHIN_MS) });
  if (body.type === "too_long") return receiveDelivery(context, { ...unread, rawBody: null });
  if (body.type !== "bytes") return body.type;
  try {
    return await receiveDelivery(context, { ...unread, rawBody: body.bytes });
  } finally {
    body.release();
  }
}

const REASONS = {
  over_budget: "Other requests hold the memory for webhooks. Please try again.",
  aborted: "The body did not arrive whole. Please try again.",
  too_slow: "The body did not arrive in time. Please try again.",
};

let toldAt = 0;

/** One line a second says enough, also when many senders are slow at once. */
function tryAgain(reason: keyof typeof REASONS): Response {
  if (Date.now() - toldAt > 1_000) {
    toldAt = Date.now();
    log.info("webhook_not_read", { reason, answer: 503 });
  }
  const response = problemResponse(503, "unavailable", REASONS[reason]);
  response.headers.set("retry-after", String(RETRY_AFTER_SECONDS));
  return response;
}
