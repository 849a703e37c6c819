import { createHash } from "node:crypto";

/**
 * What tells whether the same question was asked before: the kind, what was chosen, and who or what is meant. Case,
 * spacing and the order of fields make no difference.
 *
 * @returns SHA-256
 */
export function fingerprint(kind: string, options: object, fields: Record<string, string>): Buffer {
  const lead = Object.entries(fields).map(([name, value]) => [name, value.trim().replace(/\s+/g, " ").toLowerCase()]);
  const question = [kind, sortKeys(options), sortKeys(Object.fromEntries(lead))];
  return createHash("sha256").update(JSON.stringify(question)).digest();
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, given]) => given !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, given]) => [name, sortKeys(given)]);
}
