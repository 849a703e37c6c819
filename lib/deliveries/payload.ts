import type { DeliveryPayload } from "@/lib/deliveries/delivery-view";
import { isDeeperThan, MAX_JSON_DEPTH } from "@/lib/json-depth";

/** More than a person reads, and little enough for a page. */
const SHOWN_CHARACTERS = 200_000;

/**
 * A stored body as text to look at: indented where it is JSON, and otherwise as it came. `isWhole` tells whether all of
 * it was kept; a beginning may end in the middle of a character.
 */
export function readPayload(body: Uint8Array, isWhole: boolean): DeliveryPayload {
  const decoded = decode(body, isWhole);
  const isJson = isShowableJson(decoded.text);
  const text = isJson ? indentJson(decoded.text, SHOWN_CHARACTERS) : decoded.text;
  return {
    // A page can't hold U+0000, and a cut may leave half of a surrogate pair.
    text: text.slice(0, SHOWN_CHARACTERS).toWellFormed().replaceAll("\0", "\ufffd"),
    isJson,
    isCut: text.length > SHOWN_CHARACTERS,
    hasInvalidUtf8: decoded.isReplaced,
  };
}

function decode(body: Uint8Array, isWhole: boolean): { text: string; isReplaced: boolean } {
  const options = { stream: !isWhole };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(body, options), isReplaced: false };
  } catch {
    return { text: new TextDecoder("utf-8").decode(body, options), isReplaced: true };
  }
}

function isShowableJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !isDeeperThan(value, MAX_JSON_DEPTH);
  } catch {
    return false;
  }
}

/**
 * Indents valid JSON by its characters. Reading and writing it again would round long numbers, reorder keys and drop
 * repeated ones, and the log is to show what came. Stops soon after `maxLength`: indents may outgrow the content.
 */
function indentJson(json: string, maxLength: number): string {
  let text = "";
  let depth = 0;
  let isJustOpened = false;
  const breakLine = () => `\n${"  ".repeat(depth)}`;
  for (let at = 0; at < json.length && text.length <= maxLength; ) {
    const char = json.charAt(at);
    const end = char === '"' ? endOfString(json, at) : at + 1;
    const token = json.slice(at, end);
    at = end;
    if (/^\s$/.test(token)) continue;
    if (token === "}" || token === "]") {
      depth -= 1;
      text += isJustOpened ? token : breakLine() + token;
      isJustOpened = false;
      continue;
    }
    if (isJustOpened) text += breakLine();
    isJustOpened = token === "{" || token === "[";
    if (isJustOpened) depth += 1;
    text += token === "," ? token + breakLine() : token === ":" ? ": " : token;
  }
  return text;
}

/** The place after the string's closing quote. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charAt(at) !== '"') at += json.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}
