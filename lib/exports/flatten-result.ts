/**
 * A result as cells of a table. What lib/sixtyfour/results.ts understands has columns of fixed names; everything else has
 * one by its own name, and nested values are compact JSON in their cell, so nothing is dropped. Safe for the browser.
 */
import { type Asked, readResult } from "@/lib/sixtyfour/results";
import { type FoundEmail, isUsable } from "@/lib/sixtyfour/results/contacts";
import type { FoundField } from "@/lib/sixtyfour/results/source";

/** Where a cell belongs; columns stand in this order. Two sections may use one name for different things. */
export const RESULT_SECTIONS = ["email", "phone", "field", "person", "summary", "rest"] as const;

export interface ResultCell {
  section: (typeof RESULT_SECTIONS)[number];
  name: string;
  /** Never null, and never an empty text. */
  value: unknown;
  /** One too many of its kind to have a column of its own. */
  isSurplus: boolean;
}

/** More emails, phones or people than this share the column for surplus. */
const MAX_OF_A_KIND = 5;

/** A page shows these elsewhere, or beside each field; a table has no elsewhere. */
const LEFT_OUT_OF_VIEWS = ["name", "company", "cost_cents", "task_id", "field_confidence"];

/** The cells of one lead's result; each section has a name once at most. */
export function flattenResult(result: unknown, asked: Asked = {}): ResultCell[] {
  const view = readResult(result, asked);
  const cells = new Map<string, ResultCell>();
  const add = (section: ResultCell["section"], name: string, value: unknown, isSurplus = false) => {
    const key = `${section}:${name}`;
    const isEmpty = value === null || value === undefined || value === "";
    if (!isEmpty && !cells.has(key)) cells.set(key, { section, name, value, isSurplus });
  };
  const addFields = (section: ResultCell["section"], fields: FoundField[]) => {
    for (const { name, value } of fields) if (section !== "field" || !isHollow(value)) add(section, name, value);
  };

  const addEmails = (section: ResultCell["section"], name: string, emails: FoundEmail[]) => {
    for (const [index, { address, status, type }] of emails.entries()) {
      const isSurplus = index >= MAX_OF_A_KIND;
      add(section, numbered(name, index), address, isSurplus);
      add(section, `${numbered(name, index)}_status`, status, isSurplus);
      add(section, `${numbered(name, index)}_type`, type, isSurplus);
    }
  };

  addEmails("email", "email", view.emails.filter(isUsable));
  for (const [index, { number, region }] of view.phones.entries()) {
    const name = numbered("phone", index);
    add("phone", name, number, index >= MAX_OF_A_KIND);
    add("phone", `${name}_region`, region, index >= MAX_OF_A_KIND);
  }
  addFields("field", view.fields);
  for (const [index, person] of view.people.entries()) {
    for (const [key, value] of Object.entries(person)) {
      add("person", `person_${index + 1}_${key}`, value, index >= MAX_OF_A_KIND);
    }
  }
  if (view.people.length > 0) add("summary", "people_count", view.people.length);
  add("summary", "confidence_percent", view.confidence === null ? null : Math.round(view.confidence * 100));
  add("summary", "notes", view.notes);
  add("summary", "findings", view.findings.join("\n"));
  add("summary", "references", view.references.map(({ url }) => url).join(" "));
  if (view.profile) {
    const { rest: _, ...profile } = view.profile;
    addFields(
      "rest",
      Object.entries(profile).map(([name, value]) => ({ name, value, confidence: null })),
    );
  }
  // A guess that Sixtyfour itself rejects must not be taken for the lead's address.
  const rejected = view.emails.filter((email) => !isUsable(email));
  addEmails("rest", "rejected_email", rejected);
  addFields("rest", view.other);
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

/** A list or an object without anything in it. Words for "no value" are an answer that somebody may want to read. */
function isHollow(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
