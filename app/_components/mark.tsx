import type { MantineColor } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "@/app/_components/mark.module.css";

/** A word on a tinted ground, with an icon where there is one. Plain, since a list has one a row. */
export function Mark({
  color,
  icon,
  size = "md",
  children,
}: {
  color: MantineColor;
  icon?: ReactNode;
  size?: "sm" | "md";
  children: ReactNode;
}) {
  const style = {
    background: `var(--mantine-color-${color}-light)`,
    color: `var(--mantine-color-${color}-light-color)`,
  };
  return (
    <span className={classes.mark} data-size={size} style={style}>
      {icon}
      {children}
    </span>
  );
}
