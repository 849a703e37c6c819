import { findTaskKind, type TaskShape } from "@/lib/sixtyfour/task-kinds";

/** How so many leads of a kind go out: together where the kind allows it and there is more than one. */
export function shapeFor(kind: string, leadCount: number): Exclude<TaskShape, "file"> {
  return leadCount > 1 && findTaskKind(kind)?.bulk ? "bulk" : "single";
}

/** How many requests to Sixtyfour so many leads of a kind take. */
export function requestsNeeded(kind: string, leadCount: number): number {
  const { maxLeads = 1 } = (shapeFor(kind, leadCount) === "bulk" && findTaskKind(kind)?.bulk) || {};
  return Math.ceil(leadCount / maxLeads);
}
