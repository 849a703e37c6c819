import type { ReactNode } from "react";
import classes from "@/app/_components/hint.module.css";

/**
 * Attributes by which an element has a hint, to be seen on hover and on focus. All in CSS: there may be a hundred on a page.
 */
export function hintProps(text: string): { className: string; "data-hint": string } {
  return { className: classes.hint ?? "", "data-hint": text };
}

/** Gives a button a hint below it. What it does has to be its name already. */
export function Hint({ text, children }: { text: string; children: ReactNode }) {
  return (
    <span {...hintProps(text)} data-below>
      {children}
    </span>
  );
}
