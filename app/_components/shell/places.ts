import type { Route } from "next";

/** The parts of the dashboard, in the order of the main navigation; after `g`, `key` goes there. */
export const PLACES = [
  { label: "Tasks", href: "/", key: "t", holds: (path) => path === "/" || path.startsWith("/tasks/") },
  { label: "Overview", href: "/overview", key: "o", holds: (path) => path === "/overview" },
  { label: "Submissions", href: "/submissions", key: "s", holds: (path) => path.startsWith("/submissions/") },
  { label: "Deliveries", href: "/deliveries", key: "d", holds: (path) => /^\/deliveries(\/|$)/.test(path) },
  { label: "Settings", href: "/settings", key: "e", holds: (path) => path.startsWith("/settings/") },
] as const satisfies { label: string; href: Route; key: string; holds: (path: string) => boolean }[];
