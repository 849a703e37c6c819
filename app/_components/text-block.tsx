import { Code } from "@mantine/core";
import classes from "@/app/_components/text-block.module.css";

/** Text that was written for programs, in a frame of its own: what scrolls must be reachable without a mouse. */
export function TextBlock({
  label,
  maxHeight,
  children,
}: {
  label: string;
  /** A CSS length. */
  maxHeight: string;
  children: string;
}) {
  return (
    <Code
      block
      className={classes.block}
      __vars={{ "--max-height": maxHeight }}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      {children}
    </Code>
  );
}
