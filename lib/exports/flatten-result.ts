/**
 * A result as cells of a table. What lib/sixtyfour/results.ts understands has columns of fixed names; everything else has
 * one by its own name, and what is nested is compact JSON in its cell, so nothing is dropped.
 */
import { readResult } from "@/lib/sixtyfour/results";

/** Where a cell belongs; columns stand in this order. Two sections may use one name for different things. */
export const RESULT_SECTIONS = ["email", "phone", "field", "summary", "rest"] as const;

export interface ResultCell {
  section: (typeof RESULT_SECTIONS)[number];
  name: string;
  /** Never null, and never an empty text. */
  value: unknown;
  /** One too many of its kind to have a column of its own. */
  isSurplus: boolean;
}

/** What goes beyond shares the column for surplus. */
const MAX_OF_A_KIND = 5;

/** A page shows these elsewhere, or beside each field; a table has no elsewhere. */
const LEFT_OUT_OF_VIEWS = ["name", "company", "cost_cents", "task_id", "field_confidence"];

/** The cells of one lead's result; each section has a name once at most. */
export function flattenResult(result: unknown): ResultCell[] {
  const view = readResult(result);
  const cells = new Map<string, ResultCell>();
  const add = (section: ResultCell["section"], name: string, value: unknown, isSurplus = false) => {
    const key = `${section}:${name}`;
    const isEmpty = value === null || value === undefined || value === "";
    if (!isEmpty && !cells.has(key)) cells.set(key, { section, name, value, isSurplus });
  };

  for (const [index, { address, status, type }] of view.emails.entries()) {
    const name = numbered("email", index);
    const isSurplus = index >= MAX_OF_A_KIND;
    add("email", name, address, isSurplus);
    add("email", `${name}_status`, status, isSurplus);
    add("email", `${name}_type`, type, isSurplus);
  }
  for (const [index, phone] of view.phones.entries()) {
    add("phone", numbered("phone", index), phone, index >= MAX_OF_A_KIND);
  }
  for (const { name, value } of view.fields) add("field", name, value);
  for (const { name, score } of view.scores) add("field", `${name} score`, score);
  for (const { name, reasoning } of view.scores) add("field", `${name} reason`, reasoning);
  add("summary", "total_score", view.totalScore);
  add("summary", "qualified", view.isQualified);
  add("summary", "confidence_score", view.confidenceScore);
  add("summary", "notes", view.notes);
  add("summary", "findings", view.findings.join("\n"));
  add("summary", "references", view.references.map(({ url }) => url).join(" "));
  for (const { name, value } of view.rest) add("rest", name, value);
  if (view.people.length > 0) add("rest", "people", view.people);
  const entries = isRecord(result) ? new Map(Object.entries(result)) : new Map<string, unknown>();
  for (const name of LEFT_OUT_OF_VIEWS) add("rest", name, entries.get(name));
  return [...cells.values()];
}

/** A value as the text of a cell. */
export function cellText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `email`, `email_2`, `email_3` … */
function numbered(name: string, index: number): string {
  return index === 0 ? name : `${name}_${index + 1}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
