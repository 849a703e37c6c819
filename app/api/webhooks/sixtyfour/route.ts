import { problemResponse } from "@/app/api/problem";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { appContext } from "@/lib/context";
import { withDeadline } from "@/lib/deadline";
import { readBody } from "@/lib/deliveries/read-body";
import { receiveDelivery } from "@/lib/deliveries/receive";
import { TOKEN_PARAMETER } from "@/lib/deliveries/webhook-token";
import { log } from "@/lib/log";
import { nudge } from "@/lib/news/nudge";

/** Sixtyfour gives up after 10 seconds; an honest 503 before that makes it try again. */
const ANSWER_WITHIN_MS = 8_000;

/**
 * Sixtyfour's door: take the raw bytes, verify, record and apply them in one go, answer. Nothing that matters happens
 * after the answer, and a 2xx is only given for what is stored.
 */
export async function POST(request: Request): Promise<Response> {
  const receivedAt = new Date();
  const context = appContext();
  const token = new URL(request.url).searchParams.get(TOKEN_PARAMETER);
  try {
    const taken = async () => {
      const rawBody = await readBody(request, context.webhook.maxBytes);
      return receiveDelivery(context, { rawBody, headers: request.headers, token, receivedAt });
    };
    const { status, outcome, detail } = await withDeadline(taken(), ANSWER_WITHIN_MS);
    nudge();
    reconcileAfterwards();
    if (status === 200) return Response.json({ received: true, outcome });
    return problemResponse(status, outcome, detail ?? outcome);
  } catch (error) {
    log.error("webhook_not_stored", error, { answer: 503, handledMs: Date.now() - receivedAt.getTime() });
    return problemResponse(503, "unavailable", "The delivery could not be stored. Please try again.");
  }
}
