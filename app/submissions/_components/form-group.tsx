import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "@/app/submissions/_components/form-group.module.css";

/** Inputs that belong together, under one heading. */
export function FormGroup({ legend, hint, children }: { legend: string; hint: string; children: ReactNode }) {
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{legend}</legend>
      <Text size="sm" c="dimmed" mb="sm">
        {hint}
      </Text>
      {children}
    </fieldset>
  );
}
