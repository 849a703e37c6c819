"use client";

import type { MantineColor } from "@mantine/core";
import type { Route } from "next";
import Link from "next/link";
import classes from "@/app/_components/count-nav.module.css";
import { figure } from "@/app/_components/figures";

interface CountNavItem {
  key: string;
  label: string;
  /** Null where there is none to tell, or while it is not known. */
  count: number | null;
  /** There may be more. */
  isAtLeast?: boolean;
  href: Route;
  color?: MantineColor;
  isCurrent: boolean;
}

/** Links that narrow what is shown, each with how many it would leave. */
export function CountNav({ label, items }: { label: string; items: CountNavItem[] }) {
  return (
    <nav aria-label={label}>
      <ul className={classes.items}>
        {items.map(({ key, label: words, count, isAtLeast, href, color, isCurrent }) => (
          <li key={key}>
            <Link href={href} className={classes.item} aria-current={isCurrent ? "page" : undefined} scroll={false}>
              {color && (
                <span className={classes.dot} style={{ background: `var(--mantine-color-${color}-6)` }} aria-hidden />
              )}
              {words}{" "}
              {count !== null && (
                <span className="tabular">
                  {figure(count)}
                  {isAtLeast && "+"}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
