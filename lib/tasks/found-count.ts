import type { tasks } from "@/db/schema";
import { countFound, readResult } from "@/lib/sixtyfour/results";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";

/**
 * Version of the rule in lib/sixtyfour/results.ts. A change there that changes what counts as found needs the next one,
 * and an index `tasks_to_recount` for it: the background job then recounts what older versions have counted.
 */
export const FOUND_RULE = 1;

/** The columns of a task that tell what was asked for. */
export type AskedTask = Pick<typeof tasks.$inferSelect, "kind" | "shape" | "leadCount" | "request">;

/** Figures of a completed task's result, as they are stored with the task. */
export type FoundFigures = Pick<typeof tasks.$inferInsert, "foundCount" | "foundRule" | "verdict" | "score">;

/** Reads from a task's request what was asked for, apart from its leads. */
export function askedOf({ kind, request }: Pick<AskedTask, "kind" | "request">): { kind: string; outputs: string[] } {
  return { kind, outputs: outputNames(request.struct) };
}

/** Names of the output fields of a request's `struct`, or of an option's list of fields. */
export function outputNames(struct: unknown): string[] {
  if (Array.isArray(struct)) return struct.flatMap(({ name }) => (typeof name === "string" ? [name] : []));
  return typeof struct === "object" && struct !== null ? Object.keys(struct) : [];
}

/** The leads of a task's request, in its order; none for a file. */
export function leadsOfRequest({ kind, request }: Pick<AskedTask, "kind" | "request">): Record<string, string>[] {
  const leadKey = findTaskKind(kind)?.leadKey;
  const leads = Array.isArray(request.leads) ? request.leads : leadKey ? [request[leadKey]] : [];
  return leads.filter((lead): lead is Record<string, string> => typeof lead === "object" && lead !== null);
}

/**
 * Counts the leads for which a result has found something, and reads the verdict of a qualified one. The count is null
 * for a file, whose rows come later, for a kind that this version does not know, and for a bulk result that is no list
 * with one entry for each lead.
 */
export function readFoundFigures(task: AskedTask, result: unknown): FoundFigures {
  const { kind, shape, leadCount } = task;
  if (shape === "file" || !findTaskKind(kind))
    return { foundCount: null, foundRule: FOUND_RULE, verdict: null, score: null };
  const asked = askedOf(task);
  const leads = leadsOfRequest(task);
  if (shape === "bulk") {
    const isOnePerLead = Array.isArray(result) && result.length === leadCount;
    return {
      foundCount: isOnePerLead ? countFound(result, asked, leads) : null,
      foundRule: FOUND_RULE,
      verdict: null,
      score: null,
    };
  }
  const answer = { ...asked, lead: leads[0] ?? {} };
  const { qualification, isFound } = readResult(result, answer);
  const isQualified = qualification?.isQualified ?? null;
  return {
    foundCount: isFound ? 1 : 0,
    foundRule: FOUND_RULE,
    verdict: isQualified === null ? null : isQualified ? "yes" : "no",
    score: qualification?.score ?? null,
  };
}
