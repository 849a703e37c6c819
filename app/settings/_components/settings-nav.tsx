"use client";

import type { Route } from "next";
import { usePathname } from "next/navigation";
import { CountNav } from "@/app/_components/count-nav";

/** The parts of the settings that somebody may use. */
export function SettingsNav({ items }: { items: { label: string; href: Route }[] }) {
  const path = usePathname();
  return (
    <CountNav
      label="Settings"
      items={items.map(({ label, href }) => ({ key: href, label, href, count: null, isCurrent: href === path }))}
    />
  );
}
