"use client";

import { Badge } from "@mantine/core";
import { useState } from "react";
import { latePart, PartBoundary } from "@/app/_components/actions/part-boundary";
import { hintProps } from "@/app/_components/hint";

// Loaded when it is first asked for.
const SandboxPanel = latePart(() => import("@/app/sandbox/_components/sandbox-panel"));

/** Says that results are made up, and leads to what can be tried out with that. */
export function SandboxBadge() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <span
        {...hintProps(
          "A stand-in for Sixtyfour on this machine: results are made up, and nothing is charged. Press to cause faults.",
        )}
        data-below
        data-from-start
      >
        <Badge
          component="button"
          type="button"
          color="yellow"
          variant="light"
          size="sm"
          aria-haspopup="dialog"
          style={{ cursor: "pointer" }}
          onClick={() => setIsOpen(true)}
        >
          Sandbox
        </Badge>
      </span>
      {isOpen && (
        <PartBoundary>
          <SandboxPanel onClose={() => setIsOpen(false)} />
        </PartBoundary>
      )}
    </>
  );
}
