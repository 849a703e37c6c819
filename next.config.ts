import { randomBytes } from "node:crypto";
import type { NextConfig } from "next";

/**
 * Names this build, so that a tab learns of a newer one. The processes of one build inherit it. Copies that are built separately
 * are given the same name by the variable.
 */
process.env.BUILD_NAME ||= randomBytes(8).toString("hex");
const { BUILD_NAME } = process.env;

/** For every answer. What a page may load, its Content-Security-Policy, differs from page to page: `proxy.ts` sets that. */
const SECURITY_HEADERS = {
  "Strict-Transport-Security": "max-age=63072000",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  // Addresses hold what somebody searched for.
  "Referrer-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  // Crawlers may reach an address by a link without reading robots.txt.
  "X-Robots-Tag": "noindex, nofollow",
};
/** An answer of a route is data, and runs nothing even where a browser shows it as a page. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

const toHeaders = (headers: Record<string, string>) => Object.entries(headers).map(([key, value]) => ({ key, value }));

const nextConfig: NextConfig = {
  headers: async () => [
    { source: "/:path*", headers: toHeaders(SECURITY_HEADERS) },
    { source: "/api/:path*", headers: toHeaders({ "Content-Security-Policy": DATA_POLICY, "X-Build": BUILD_NAME }) },
  ],
  // `next dev` refuses its websocket to pages of other hosts than localhost, and without it no page hydrates.
  allowedDevOrigins: ["127.0.0.1"],
  // For app/build-name.ts, written into the code.
  env: { BUILD_NAME },
  // The router loads a page whole where it comes from a build of another name.
  generateBuildId: () => BUILD_NAME,
  poweredByHeader: false,
  // No picture needs it, and it would resize whatever it is asked for.
  images: { unoptimized: true },
  typedRoutes: true,
  // A folder that runs without node_modules, for an image; `next start` and Vercel want none.
  output: process.env.BUILD_STANDALONE === "true" ? "standalone" : undefined,
  // The webhook's address bears a token, which must stand in no log, not even on a developer's screen.
  logging: { incomingRequests: { ignore: [/^\/api\/webhooks\//] } },
  // `next dev` and `next build` must not write instruction files into the project or stop for upgrade reminders.
  agentRules: false,
  experimental: {
    // A page is loaded when it is first asked for, and not all of them before the first webhook is taken. What they
    // share is loaded soon after; see app/load-pages.ts.
    preloadEntriesOnStart: false,
    agentUpgrade: false,
    // Next 16.4.6 reloads a page without end if `next dev` finds its cache of an earlier run and code was edited in between:
    // the list of the page's chunks never gets the version that the server expects.
    turbopackFileSystemCacheForDev: false,
    // Members are told that a page is for admins, with a 403.
    authInterrupts: true,
    // A list goes up in parts of less than a megabyte; a single row may be longer than that.
    serverActions: { bodySizeLimit: "4mb" },
  },
};

export default nextConfig;
