"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import classes from "@/app/_components/main-nav.module.css";
import { PLACES } from "@/app/_components/shell/places";

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
