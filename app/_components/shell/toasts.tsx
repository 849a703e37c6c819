"use client";

import { lazy, Suspense } from "react";
import { useMessages } from "@/app/_components/shell/messages";

// Loaded when something was said.
const Notifications = lazy(async () => ({ default: (await import("@mantine/notifications")).Notifications }));

/** The corner of the page where things are said in passing. */
export function Toasts() {
  const hasAny = useMessages().length > 0;
  return <Suspense>{hasAny && <Notifications position="bottom-right" />}</Suspense>;
}
