"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import classes from "@/app/_components/main-nav.module.css";

const PLACES: { label: string; href: Route; holds: (path: string) => boolean }[] = [
  { label: "Tasks", href: "/", holds: (path) => path === "/" || path.startsWith("/tasks/") },
  { label: "Overview", href: "/overview", holds: (path) => path === "/overview" },
  { label: "Submissions", href: "/submissions", holds: (path) => path.startsWith("/submissions/") },
  { label: "Deliveries", href: "/deliveries", holds: (path) => /^\/deliveries(\/|$)/.test(path) },
  { label: "API", href: "/settings/api-tokens", holds: (path) => path === "/settings/api-tokens" },
];

/** The ways to each part of the dashboard. On the page of a part it is `page`; on a page within the part, `true`. */
export function MainNav() {
  const path = usePathname();
  return (
    <nav aria-label="Main" className={classes.nav}>
      {PLACES.map(({ label, href, holds }) => (
        <Link
          key={href}
          href={href}
          className={classes.link}
          aria-current={path === href ? "page" : holds(path) || undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
