import type { Route } from "next";

/** The address of a delivery's page. */
export function deliveryHref(id: string): Route {
  return `/deliveries/${id}` as Route;
}
