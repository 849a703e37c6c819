import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy } from "@/app/content-security-policy";
import { NONCE_HEADER, PATH_HEADER } from "@/app/request-headers";

/**
 * Gives each page its Content-Security-Policy, with a nonce that Next puts on its own scripts, and tells it its path. It
 * lets nobody in: that is for each page, action and route to decide.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (request.method === "POST") {
    const { rewrittenHost, rewrittenHostSentence } = await import("@/lib/request-origin");
    const rewritten = rewrittenHost(request.headers);
    // Next would refuse it as well, with words that nobody understands. A script shows a plain text as the reason.
    if (rewritten) {
      console.error(JSON.stringify({ level: "error", event: "form_refused_rewritten_host", ...rewritten }));
      const headers = { "content-type": "text/plain", "content-security-policy": "default-src 'none'" };
      return new NextResponse(rewrittenHostSentence(rewritten), { status: 403, headers });
    }
  }
  const nonce = randomBytes(16).toString("base64");
  // Next loads this file before any first request, a webhook too, which need not wait for another copy of this.
  const { env } = await import("@/lib/env");
  const { access } = env();
  const policy = contentSecurityPolicy(nonce, {
    isDevelopment: process.env.NODE_ENV === "development",
    providers: access.mode === "sign_in" ? Object.keys(access.providers) : [],
  });
  const headers = new Headers(request.headers);
  headers.set(NONCE_HEADER, nonce);
  headers.set("content-security-policy", policy);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** Pages alone: the webhook's door is to be quick, and files are the same for everybody. */
export const config = { matcher: ["/((?!api/|_next/|favicon|.*\\.(?:ico|png|svg|txt|webmanifest)$).*)"] };
