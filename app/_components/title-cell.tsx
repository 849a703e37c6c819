"use client";

import type { Route } from "next";
import Link from "next/link";
import { useState } from "react";
import classes from "@/app/_components/title-cell.module.css";
import { Words } from "@/app/_components/words";

interface TitleCellProps {
  href: Route;
  title: string;
  /** One more line, cut where it is too long. */
  detail?: string | null | undefined;
}

/** What a row of a table is called, and the way to its page. */
export function TitleCell({ href, title, detail }: TitleCellProps) {
  // By itself each link on the screen would have the server draw its page's beginning: dozens of requests a list.
  const [isReachedFor, setIsReachedFor] = useState(false);
  return (
    <>
      <Link
        href={href}
        className={classes.title}
        prefetch={isReachedFor ? null : false}
        onPointerEnter={() => setIsReachedFor(true)}
      >
        {title}
      </Link>
      {detail && (
        <Words size="xs" tone="quiet" lines={1}>
          {detail}
        </Words>
      )}
    </>
  );
}
