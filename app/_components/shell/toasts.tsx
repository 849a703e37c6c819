"use client";

import { latePart, PartBoundary } from "@/app/_components/actions/part-boundary";
import { useMessages } from "@/app/_components/shell/messages";

// Loaded when something was said.
const Notifications = latePart(async () => ({ default: (await import("@mantine/notifications")).Notifications }));

/** The corner of the page where things are said in passing. */
export function Toasts() {
  const hasAny = useMessages().length > 0;
  return <PartBoundary>{hasAny && <Notifications position="bottom-right" />}</PartBoundary>;
}
