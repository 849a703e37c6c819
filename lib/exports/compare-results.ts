/** What changed between two results of one lead. Safe for the browser. */

import { cellText, flattenResult } from "@/lib/exports/flatten-result";
import type { Asked } from "@/lib/sixtyfour/results";

export interface Change {
  name: string;
  /** As text; null where it was not there. */
  before: string | null;
  after: string | null;
}

/** Of each job by itself, and nothing that was found. */
const OF_THE_JOB = new Set(["task_id", "cost_cents"]);

/** The fields of a lead that differ. */
export function compareLeads(before: Record<string, string>, after: Record<string, string>): Change[] {
  return compare(new Map(Object.entries(before)), new Map(Object.entries(after)));
}

/** The cells of two results that differ, as a table would have them. */
export function compareResults(before: unknown, after: unknown, asked: Asked = {}): Change[] {
  return compare(cellsOf(before, asked), cellsOf(after, asked));
}

function cellsOf(result: unknown, asked: Asked): Map<string, string> {
  const found = flattenResult(result, asked).filter(({ name }) => !OF_THE_JOB.has(name));
  return new Map(found.map(({ name, value }) => [name, cellText(value)]));
}

function compare(before: Map<string, string>, after: Map<string, string>): Change[] {
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((name) => ({ name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
    .filter((change) => change.before !== change.after);
}
