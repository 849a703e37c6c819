import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy } from "@/app/content-security-policy";
import { NONCE_HEADER, PATH_HEADER } from "@/app/request-headers";
import { isLocalHost } from "@/lib/access/is-local-host";

/**
 * Gives each page its Content-Security-Policy, with a nonce that Next puts on its own scripts, and tells it its path. It
 * lets nobody in: that is for each page, action and route to decide. It only refuses what could not work, or is not from here.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (request.method === "POST") {
    const { rewrittenHost, rewrittenHostSentence } = await import("@/lib/request-origin");
    const rewritten = rewrittenHost(request.headers);
    // Next would refuse it as well, with words that nobody understands. The page shows a plain text as the reason (attempt.ts).
    if (rewritten) {
      console.error(JSON.stringify({ level: "error", event: "form_refused_rewritten_host", ...rewritten }));
      const headers = { "content-type": "text/plain", "content-security-policy": "default-src 'none'" };
      return new NextResponse(rewrittenHostSentence(rewritten), { status: 403, headers });
    }
  }
  const nonce = randomBytes(16).toString("base64");
  // Next loads this file before any first request, a webhook too, which need not wait for another copy of this.
  const { env } = await import("@/lib/env");
  const { access, port } = env();
  if (access.mode === "open" && !isLocalHost(request.headers.get("host"))) {
    return new NextResponse(
      `This dashboard needs no sign-in (ACCESS=open), so it answers on this machine alone. Open it at http://localhost:${port}.\n`,
      { status: 403, headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" } },
    );
  }
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

/**
 * The proxy runs for everything that can be answered with a page, whatever its ending: a path that names nothing is the 404
 * page. It skips routes, whose policy is in next.config.ts, the files of the build, and the files of public/ that browsers
 * and crawlers request by themselves. Those are named one by one: a pattern would also match paths of the 404 page.
 */
export const config = {
  matcher: [
    "/((?!api/|_next/static/|(?:favicon\\.ico|icon\\.svg|icon(?:-maskable)?-(?:192|512)\\.png|apple-touch-icon\\.png|manifest\\.webmanifest|robots\\.txt)$).*)",
  ],
};
