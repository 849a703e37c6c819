import { problemResponse } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { withDeadline } from "@/lib/deadline";
import { parseDelivery } from "@/lib/deliveries/parse";
import { receiveDelivery } from "@/lib/deliveries/receive";
import { verifySignature } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";

/** Sixtyfour gives up after 10 seconds; an honest 503 before that makes it try again. */
const ANSWER_WITHIN_MS = 8_000;

/**
 * Sixtyfour's door: verify the raw bytes, record the delivery, settle its task, answer. Nothing that matters happens
 * after the answer, and a 2xx is only given for what is stored.
 */
export async function POST(request: Request): Promise<Response> {
  const context = appContext();
  const rawBody = new Uint8Array(await request.arrayBuffer());

  const signed = context.webhookSecrets.length > 0;
  if (signed) {
    const verdict = verifySignature({
      header: request.headers.get(SIXTYFOUR_HEADERS.signature),
      rawBody,
      secrets: context.webhookSecrets,
      nowInSeconds: Math.floor(Date.now() / 1000),
    });
    if (!verdict.valid) return problemResponse(401, "bad_signature", `The signature is ${verdict.reason}.`);
  }

  const parsed = parseDelivery(rawBody);
  if (parsed.about === "nothing") return problemResponse(400, "malformed", parsed.problem);

  try {
    const outcome = await withDeadline(
      receiveDelivery(context, { rawBody, parsed, headers: request.headers, signature: signed ? "valid" : "unsigned" }),
      ANSWER_WITHIN_MS,
    );
    return Response.json({ received: true, outcome });
  } catch (error) {
    console.error(JSON.stringify({ event: "delivery_not_stored", error: String(error) }));
    return problemResponse(503, "unavailable", "The delivery could not be stored. Please try again.");
  }
}
