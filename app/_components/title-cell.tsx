import type { Route } from "next";
import Link from "next/link";
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
  return (
    <>
      <Link href={href} className={classes.title}>
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
