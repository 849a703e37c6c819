import type { Route } from "next";

/** The parts of the dashboard, in the order of the main navigation; after `g`, `key` goes there. */
export const PLACES = [
  { label: "Tasks", href: "/", key: "t", holds: (path) => path === "/" || path.startsWith("/tasks/") },
  { label: "Overview", href: "/overview", key: "o", holds: (path) => path === "/overview" },
  { label: "Submissions", href: "/submissions", key: "s", holds: (path) => path.startsWith("/submissions/") },
  { label: "Deliveries", href: "/deliveries", key: "d", holds: (path) => /^\/deliveries(\/|$)/.test(path) },
  { label: "Settings", href: "/settings", key: "e", holds: (path) => /^\/(settings\/|setup$)/.test(path) },
] as const satisfies { label: string; href: Route; key: string; holds: (path: string) => boolean }[];

/** Further pages that the palette knows, for which the main navigation has no room. */
export const MORE_PLACES = [
  { label: "Setup", href: "/setup", words: "checklist preflight production webhook secret database health" },
] as const satisfies { label: string; href: Route; words: string }[];
