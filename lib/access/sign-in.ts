import { isAPIError } from "better-auth/api";
import { authOf } from "@/lib/access/auth";
import { ensureFirstAdmin } from "@/lib/access/first-admin";
import { readSessionCookies, type SessionCookie } from "@/lib/access/session-cookies";
import { countAttempt, forgetAttempts } from "@/lib/access/throttle";
import { recordRefusal } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

interface Credentials {
  email: string;
  password: string;
  /** The request's, for the session's row. */
  headers: Headers;
  /** Of the client, as far as it is known. */
  address: string | null;
}

/**
 * Signs somebody in by their password. An address that nobody has takes as long as a wrong password, and gets the same
 * words.
 *
 * @returns the cookies that make up the session
 * @throws AppError `unauthorized` for a wrong email or password, `too_many` after too many attempts
 */
export async function signIn(
  context: Context,
  { email, password, headers, address }: Credentials,
): Promise<SessionCookie[]> {
  const account = email.trim().toLowerCase();
  const auth = authOf(context);
  try {
    await countAttempt(context, { account, address });
    await ensureFirstAdmin(context);
    const { headers: answered } = await auth.api.signInEmail({
      body: { email: account, password },
      headers,
      returnHeaders: true,
    });
    await forgetAttempts(context, account);
    return readSessionCookies(answered);
  } catch (error) {
    const refusal = isAPIError(error) ? new AppError("unauthorized", "Email or password is wrong.") : error;
    if (refusal instanceof AppError) await recordRefusal(context, account, refusal.code);
    throw refusal;
  }
}
