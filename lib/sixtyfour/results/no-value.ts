/** Texts that mean that there is no value. Safe for the browser. */

/** A longer text is an answer, whatever it says. */
const MAX_LENGTH = 250;

const WORDS = new Set([
  "",
  ...[
    "na",
    "none",
    "null",
    "nil",
    "nan",
    "undefined",
    "nobody",
    "nothing",
    "unknown",
    "unavailable",
    "unclear",
    "unsure",
  ],
  ...["undisclosed", "unspecified", "unidentified", "unlisted", "missing", "blank", "empty", "tbd", "not applicable"],
  ...["does not apply", "no match", "no matches", "no result", "no results", "0 results", "not sure", "not public"],
]);

const VERBS =
  "found|available|known|listed|stated|mentioned|disclosed|provided|specified|identified|determined|located|confirmed|verified|given|reported|discovered|published";
/** After a subject fewer verbs are clear: "The company is not listed" is an answer. */
const CLEAR_VERBS =
  "found|available|known|stated|mentioned|disclosed|provided|specified|identified|determined|located|confirmed";
const WHERE =
  "(?: (?:for|about|on|of) (?:this|the|that|any|a|an) [\\p{L}]+| (?:publicly|online|anywhere|yet|so far|currently|at this time|as of now|at the moment)| in (?:public|the|any|available|searched) [\\p{L} ]+)*";
const ADVERBS = "(?: (?:publicly|currently|yet|explicitly|clearly|readily|specifically|directly|be|been))*";

const SENTENCES = [
  // "No email found for this lead", "There is no information available"
  `(?:there (?:is|are|was|were) )?(?:no|not any)(?: [\\p{L}'-]+){0,4}?(?: (?:was|were|could be|has been))?${ADVERBS} (?:${VERBS})${WHERE}`,
  // "Not publicly available", "None found", "Nothing could be found"
  `(?:not|none|nothing|nobody|no one)(?: (?:was|were|is|are|could|can|has|have))?${ADVERBS} (?:${VERBS})${WHERE}`,
  // "Email not found", "The title could not be found"
  `(?:[\\p{L}'-]+ ){1,5}?(?:(?:is|was|are|were|could|can|has|have) )?not${ADVERBS} (?:${CLEAR_VERBS})${WHERE}`,
  // "I could not find any information about this person", "Unable to determine"
  `(?:i |we )?(?:was |were )?(?:could not|couldn't|cannot|can't|unable to|did not|didn't) (?:be )?(?:find|found|identify|identified|determine|determined|locate|located|verify|verified|confirm|confirmed)(?: (?:any|the|a|an|this|that|it|him|her|them|their|his|its))*(?: [\\p{L}-]+){0,4}?${WHERE}`,
  // "No public information", "Insufficient data"
  `(?:no|insufficient|not enough)(?: [\\p{L}-]+){0,3} (?:information|info|data|details|evidence|sources?|records?|answers?)${WHERE}`,
  // "Unknown at this time", "unknown title"
  `unknown(?: (?:title|name|person|value|company|email|phone|number|location|date|industry|size|role|position|status))?${WHERE}`,
].map((pattern) => new RegExp(`^${pattern}$`, "u"));

/** A clause that goes on after one of these says something. */
const GOES_ON = /\b(but|however|although|though|except|instead|only)\b/;

/**
 * True if a text means that there is no value: empty, only punctuation, "N/A", "None found", "unknown (not public)", or one
 * of the sentences that agents write for it. A sentence that goes on with an answer is a value.
 */
export function isNoValue(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{Cf}"“”‘`]/gu, "")
    .replace(/’/g, "'")
    .replace(/n\s*[/\\.]\s*a\b\.?/g, "na")
    .replace(/[\s_]+/g, " ")
    .trim();
  if (!/[\p{L}\p{N}\p{S}]/u.test(plain)) return true;
  if (GOES_ON.test(plain)) return false;
  const withoutAside = plain.replace(/^(.+?) ?[([]([^\d()[\]]{1,40})[)\]]$/, (whole, before, aside) =>
    aside.split(" ").length <= 4 ? before : whole,
  );
  const parts = withoutAside.split(/\s*[,;|/:]\s*|\s+[-–—]\s+|\.\s+|\s+or\s+/u);
  return parts.every((part, index) => isNoValuePart(strip(part), index > 0));
}

/** @param isFurther after another part, a bare "no website" belongs to it */
function isNoValuePart(part: string, isFurther: boolean): boolean {
  if (WORDS.has(part) || SENTENCES.some((sentence) => sentence.test(part))) return true;
  return isFurther && /^(?:no|not|none) [\p{L} ]{1,30}$/u.test(part);
}

/** Without brackets, dashes and other punctuation around it. */
function strip(part: string): string {
  return part.replace(/^[\s\p{P}<>#]+|[\s\p{P}<>]+$/gu, "");
}
