import { isDeeperThan, MAX_JSON_DEPTH } from "@/lib/json-depth";

/**
 * Postgres refuses two things that JSON allows inside strings: U+0000 and lone surrogates. A result that holds one must
 * be stored all the same, so each is replaced by U+FFFD; the delivery's raw body keeps what was sent.
 */
const UNSTORABLE = /\\(?:u0000|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g;

/** The same JSON value, with what jsonb can't hold replaced; words in its place where it is nested beyond use. */
export function storableJson(value: unknown): unknown {
  if (isDeeperThan(value, MAX_JSON_DEPTH))
    return "Nested too deeply to be shown here. The log of deliveries keeps it as it came.";
  const json = JSON.stringify(value);
  if (json === undefined) return null;
  // JSON.stringify writes surrogate pairs as they are and escapes lone ones alone, so any escaped surrogate is lone.
  const storable = json.replace(UNSTORABLE, (match) => (/^\\u(?:0000|[dD])/.test(match) ? "\\ufffd" : match));
  return storable === json ? value : JSON.parse(storable);
}

/** The same text, with what a text column can't hold replaced. */
export function storableText(value: string): string {
  return value.toWellFormed().replaceAll("\0", "\ufffd");
}
