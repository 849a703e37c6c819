import type { Route } from "next";
import { type Actor, isAdmin } from "@/lib/actor";

/** The parts of the settings that somebody may use, in their order; the first is where they arrive. */
export function settingsPages(actor: Actor): { label: string; href: Route }[] {
  return [
    ...(actor.type === "user" ? ([{ label: "Account", href: "/settings/account" }] as const) : []),
    ...(isAdmin(actor)
      ? ([
          { label: "Users", href: "/settings/users" },
          { label: "API tokens", href: "/settings/api-tokens" },
          { label: "Retention", href: "/settings/retention" },
          { label: "Audit log", href: "/settings/audit" },
          { label: "Setup", href: "/setup" },
        ] as const)
      : []),
  ];
}
