import { createHash, createHmac, randomBytes } from "node:crypto";
import type { WebhookTarget } from "@/lib/env";

/** The parameter of our webhook address that holds the token. */
export const TOKEN_PARAMETER = "token";

/**
 * A token for one send: 256 random bits. It goes out in the webhook_url and nowhere else; we keep its hash. Who calls
 * with it has got the address from us, so the delivery belongs to that send even if we never learned its task_id.
 */
export function createWebhookToken(): { token: string; tokenHash: Buffer } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: hashToken(token) };
}

/**
 * A token for all sends of one task, as unguessable as a random one to everybody who does not know `key`: a request that is
 * repeated under an idempotency key has to be the same to the letter, and only the hash of its token is stored.
 */
export function deriveWebhookToken(key: string, taskId: string): { token: string; tokenHash: Buffer } {
  const token = createHmac("sha256", key).update(`webhook token of task ${taskId}`).digest("base64url");
  return { token, tokenHash: hashToken(token) };
}

/** What is kept, and looked up, of a token. A hash of a secret can be searched for without telling by time. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** True if a text has the form of our tokens. Anything else needs no look-up. */
export function isTokenShaped(token: string | null): token is string {
  return token !== null && /^[\w-]{43}$/.test(token);
}

/** https://vercel.com/docs/deployment-protection/methods-to-bypass-deployment-protection/protection-bypass-automation */
const BYPASS_PARAMETER = "x-vercel-protection-bypass";

/** The address that Sixtyfour is to call for one send. It holds secrets: nothing else may show, log or store it. */
export function webhookUrlWith(target: Extract<WebhookTarget, { url: string }>, token: string): string {
  const url = new URL(webhookUrlPastProtection(target));
  url.searchParams.set(TOKEN_PARAMETER, token);
  return url.href;
}

/** The address as it lets a caller past the host's protection, for no send in particular. It holds a secret as well. */
export function webhookUrlPastProtection(target: Extract<WebhookTarget, { url: string }>): string {
  const url = new URL(target.url);
  if (target.protectionBypass) url.searchParams.set(BYPASS_PARAMETER, target.protectionBypass);
  return url.href;
}
