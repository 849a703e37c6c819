import type { ReactNode } from "react";
import classes from "@/app/_components/words.module.css";

interface WordsProps {
  as?: "div" | "span";
  size?: "sm" | "xs";
  tone?: "quiet" | "bad";
  isStrong?: boolean;
  /** At most so many lines; the rest is cut off. */
  lines?: 1 | 2;
  /** Figures that stand below each other. */
  isTabular?: boolean;
  title?: string;
  children: ReactNode;
}

/** Text where a page has hundreds of it: a plain element, since the library's own is costly in such numbers. */
export function Words({ as: Tag = "div", size = "sm", tone, isStrong, lines, isTabular, title, children }: WordsProps) {
  return (
    <Tag
      className={classes.words}
      data-size={size}
      data-tone={tone}
      data-strong={isStrong || undefined}
      data-lines={lines}
      data-tabular={isTabular || undefined}
      title={title}
    >
      {children}
    </Tag>
  );
}
