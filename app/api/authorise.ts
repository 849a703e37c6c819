import { problemResponse } from "@/app/api/problem";
import { authenticate } from "@/lib/api-tokens/authenticate";
import type { Context } from "@/lib/context";

/**
 * Lets in who has a token. The dashboard reads some routes too, and has none: for these a request without a header is let
 * in, and one with a header has to have a good one.
 *
 * @returns whose token it is, null where none is needed; or the refusal
 */
export async function authorise(
  context: Context,
  request: Request,
  { isTokenNeeded }: { isTokenNeeded: boolean },
): Promise<{ tokenId: string | null } | { refusal: Response }> {
  const authorization = request.headers.get("authorization");
  if (authorization === null && !isTokenNeeded) return { tokenId: null };
  const caller = await authenticate(context, authorization);
  if (caller) return caller;
  const refusal = problemResponse(
    401,
    "unauthorized",
    authorization === null
      ? "Send an API token as `Authorization: Bearer …`; make one under API in the dashboard."
      : "This API token is not known, or was revoked.",
  );
  refusal.headers.set("www-authenticate", "Bearer");
  return { refusal };
}
