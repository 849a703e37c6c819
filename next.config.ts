import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  poweredByHeader: false,
  typedRoutes: true,
  // A folder that runs without node_modules, for an image; `next start` and Vercel want none.
  output: process.env.BUILD_STANDALONE === "true" ? "standalone" : undefined,
  // The webhook's address bears a token, which must stand in no log, not even on a developer's screen.
  logging: { incomingRequests: { ignore: [/^\/api\/webhooks\//] } },
  // `next dev` and `next build` must not write instruction files into the project or stop for upgrade reminders.
  agentRules: false,
  experimental: {
    agentUpgrade: false,
    // A list goes up in parts of less than a megabyte; a single row may be longer than that.
    serverActions: { bodySizeLimit: "4mb" },
  },
};

export default nextConfig;
