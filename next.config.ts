import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  poweredByHeader: false,
  typedRoutes: true,
  // `next dev` and `next build` must not write instruction files into the project or stop for upgrade reminders.
  agentRules: false,
  experimental: { agentUpgrade: false },
};

export default nextConfig;
