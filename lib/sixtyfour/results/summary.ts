/** A result in one line: the answers themselves. Safe for the browser. */
import { isMediaUrl } from "@/lib/sixtyfour/media";
import { type Asked, type ResultView, readResult } from "@/lib/sixtyfour/results";
import { isUsable } from "@/lib/sixtyfour/results/contacts";
import { verdictWords } from "@/lib/sixtyfour/results/qualification";
import { saysSomething } from "@/lib/sixtyfour/results/values";

/** The first answers of a result; empty where nothing was found. */
export interface ResultSummary {
  parts: string[];
  /** How many more there are. */
  more: number;
  /** Verification of the address, where the answer is one: Sixtyfour's word in capitals. */
  emailStatus: string | null;
}

/** More values than this would not fit two lines. */
const MAX_VALUES = 3;
const MAX_VALUE_LENGTH = 60;

const NOTHING_FOUND: ResultSummary = { parts: [], more: 0, emailStatus: null };

/** Summarizes a result as the answer to what was asked. */
export function summarizeResult(result: unknown, asked: Asked): ResultSummary {
  const view = readResult(result, asked);
  if (!view.isFound) return NOTHING_FOUND;
  const emails = view.emails.filter(isUsable);
  const [email] = emails;
  if (email && asked.kind !== "find_phone" && !view.profile) {
    return { parts: [email.address], more: emails.length - 1, emailStatus: email.status };
  }
  const [phone] = view.phones;
  if (phone && !view.profile) return { parts: [phone.number], more: view.phones.length - 1, emailStatus: null };
  const parts = partsOf(view, asked);
  const shown = parts.slice(0, MAX_VALUES);
  return { parts: shown.map(shorten), more: parts.length - shown.length, emailStatus: null };
}

/** The person, the verdict, or the values that were asked for. */
function partsOf(view: ResultView, asked: Asked): string[] {
  const { profile, qualification, fields, people, notes, findings, other } = view;
  if (profile) return [profile.name, profile.title, profile.company].filter((part) => part !== null);
  if (qualification) {
    const { score, reason } = qualification;
    return [verdictWords(qualification), score === null ? "" : `${score} of 10`, reason ?? ""].filter(Boolean);
  }
  const isAsked = (name: string) => !asked.outputs?.length || asked.outputs.includes(name);
  const values = fields
    .filter(({ name, value }) => isAsked(name) && saysSomething(value, name))
    .map(({ name, value }) => valueWords(name, value));
  const parts = people.length > 0 ? [people.length === 1 ? "1 person" : `${people.length} people`, ...values] : values;
  if (parts.length > 0) return parts;
  return [notes ?? findings[0] ?? (other.length === 1 ? "1 value" : `${other.length} values`)];
}

function valueWords(name: string, value: unknown): string {
  if (typeof value === "boolean") return `${name.replaceAll("_", " ")}: ${value ? "yes" : "no"}`;
  // A number alone says nothing.
  if (/^\d[\d.,]*$/.test(String(value))) return `${name.replaceAll("_", " ")}: ${value}`;
  if (typeof value === "string" && isMediaUrl(value)) return `${name.replaceAll("_", " ")}: picture`;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_VALUE_LENGTH ? `${line.slice(0, MAX_VALUE_LENGTH - 1)}…` : line;
}
