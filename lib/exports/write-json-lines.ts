import type { LeadRow } from "@/lib/tasks/read-rows";

/** Leads as JSON Lines, each an object on a line of its own, in pieces of a page each; results just as they came. */
export async function* writeJsonLines(pages: AsyncIterable<LeadRow[]>): AsyncGenerator<string> {
  for await (const leads of pages) yield leads.map((lead) => `${JSON.stringify(toObject(lead))}\n`).join("");
}

/** `cells` only where there is a list; `mismatch` says why there is no result although its task has one. */
function toObject(lead: LeadRow) {
  const { row, fields, cells, status, error, mismatch, otherName, isFound, deliveredAt, deliveredVia, taskId, result } =
    lead;
  return {
    row,
    lead: fields,
    ...(cells ? { cells } : {}),
    status,
    error,
    mismatch,
    deliveredAt: deliveredAt?.toISOString() ?? null,
    deliveredVia,
    taskId,
    isFound,
    otherName,
    result,
  };
}
