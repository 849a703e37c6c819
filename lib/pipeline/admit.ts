import { isKnownToken } from "@/lib/pipeline/known-token";
import { rejectUnread } from "@/lib/pipeline/receive";
import { limitedForSeconds, type Receipt } from "@/lib/pipeline/reject";
import type { ReceivingContext, Signature, UnreadRequest } from "@/lib/pipeline/webhook-request";
import { judgeHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";

/** Enough for a workflow's envelope, and for a result that belongs to no task of ours. */
export const MAX_UNTRUSTED_BYTES = 64_000;

/** The answer to a request whose body need not be read, or the number of bytes that its body may have. */
export type Admission = { receipt: Receipt } | { maxBytes: number; isTrusted: () => Promise<boolean> };

/**
 * Decides by the headers and the address of a request how much of its body is read. With a signing secret, a request without a
 * plausible signature and without a token of ours is rejected unread. Without a secret, a request without a token of ours can
 * change nothing, so only a short body is read. The token is looked up only if something depends on it.
 */
export async function admitDelivery(context: ReceivingContext, request: UnreadRequest): Promise<Admission> {
  const { db, webhook } = context;
  const { headers, token, receivedAt } = request;
  let known: Promise<boolean> | undefined;
  const isTrusted = () => {
    known ??= isKnownToken(db, token);
    return known;
  };
  if (webhook.secrets.length > 0) {
    const nowInSeconds = Math.floor(receivedAt.getTime() / 1000);
    const verdict = judgeHeader({ header: headers.get(SIXTYFOUR_HEADERS.signature), nowInSeconds });
    if (verdict && !(await isTrusted())) return { receipt: await rejectUnread(context, request, verdict) };
    return { maxBytes: webhook.maxBytes, isTrusted };
  }
  if (limitedForSeconds(request) !== null && !(await isTrusted())) {
    return { receipt: await rejectUnread(context, request, UNSIGNED) };
  }
  const length = headers.get("content-length");
  const isShort = length !== null && Number(length) <= MAX_UNTRUSTED_BYTES;
  const maxBytes = isShort || !(await isTrusted()) ? Math.min(MAX_UNTRUSTED_BYTES, webhook.maxBytes) : webhook.maxBytes;
  return { maxBytes, isTrusted };
}

const UNSIGNED: Signature = { verdict: "unsigned", count: 0, ageInSeconds: null };
