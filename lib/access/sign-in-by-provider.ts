import { authOf } from "@/lib/access/auth";
import { readSessionCookies, type SessionCookie } from "@/lib/access/session-cookies";
import { countAttempt } from "@/lib/access/throttle";
import { addressGroup } from "@/lib/client-address";
import type { Context } from "@/lib/context";
import type { ProviderId } from "@/lib/env";
import { AppError } from "@/lib/errors";

interface Start {
  provider: string;
  /** A path of ours, to come back to. */
  next: string;
  headers: Headers;
  /** Of the client, as far as it is known. */
  address: string | null;
}

/**
 * Begins to sign somebody in by a provider.
 *
 * @returns where to send them, and the cookies by which they are known when they come back
 * @throws AppError `not_found` for a provider that is not set up, `too_many`
 */
export async function signInByProvider(
  context: Context,
  { provider, next, headers, address }: Start,
): Promise<{ url: string; cookies: SessionCookie[] }> {
  const auth = authOf(context);
  const { access } = context;
  if (access.mode !== "sign_in" || !Object.hasOwn(access.providers, provider)) {
    throw new AppError("not_found", "This way to sign in is not set up.");
  }
  // Each start leaves a row, so it counts like a guess.
  await countAttempt(context, {
    account: `${provider}:${addressGroup(address)}`,
    address,
  });
  const { headers: answered, response } = await auth.api.signInSocial({
    body: { provider: provider as ProviderId, callbackURL: access.origin + next },
    headers,
    returnHeaders: true,
  });
  if (!response.url) throw new Error("better-auth gave no address to sign in at.");
  return { url: response.url, cookies: readSessionCookies(answered) };
}
