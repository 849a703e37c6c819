import { findTaskKind, type TaskShape } from "@/lib/sixtyfour/task-kinds";

/** How so many leads of a kind go out in requests: together where the kind allows it and there is more than one. */
export function shapeFor(kind: string, leadCount: number): Exclude<TaskShape, "file"> {
  return leadCount > 1 && findTaskKind(kind)?.bulk ? "bulk" : "single";
}

/** How many leads one request of a kind carries in a shape. */
export function leadsPerRequest(kind: string, shape: TaskShape): number {
  const { bulk, file } = findTaskKind(kind) ?? {};
  if (shape === "single") return 1;
  return (shape === "bulk" ? bulk?.maxLeads : file?.maxRows) ?? 1;
}

/** How many requests to Sixtyfour so many leads of a kind take. */
export function requestsNeeded(kind: string, shape: TaskShape, leadCount: number): number {
  return Math.ceil(leadCount / leadsPerRequest(kind, shape));
}
