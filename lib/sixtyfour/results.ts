/**
 * Reads a job's result for people. The shapes differ by endpoint and by version of the documentation, and results of
 * tomorrow have shapes that nobody has seen: whatever is not understood ends up in `rest`, and nothing is dropped.
 * Safe for the browser.
 */

export interface FoundEmail {
  address: string;
  /** Sixtyfour's word in capitals: OK, UNKNOWN, CATCH_ALL, RISKY, INVALID, NOT_FOUND; null where it gave none. */
  status: string | null;
  /** COMPANY or PERSONAL, where it says so. */
  type: string | null;
}

export interface FoundField {
  name: string;
  value: unknown;
  /** 0 to 1, where Sixtyfour gave one. */
  confidence: number | null;
}

export interface Reference {
  url: string;
  description: string | null;
}

/** How a lead does by one criterion. */
export interface Score {
  name: string;
  /** 0 to 1. */
  score: number | null;
  weight: number | null;
  threshold: number | null;
  /** Whether the score reaches the threshold, where Sixtyfour says so. */
  isPassed: boolean | null;
  reasoning: string | null;
}

export interface ResultView {
  emails: FoundEmail[];
  phones: string[];
  fields: FoundField[];
  /** Of the whole result, 0 to 10. */
  confidenceScore: number | null;
  references: Reference[];
  notes: string | null;
  findings: string[];
  /** Of a qualified lead: by criterion, in all (0 to 1), and whether it is a good one. */
  scores: Score[];
  totalScore: number | null;
  isQualified: boolean | null;
  /** Who works at a company, each with the fields that were asked for. */
  people: Record<string, unknown>[];
  /** Everything else, as it came. */
  rest: FoundField[];
}

/** Whom a result names; a reverse look-up is about just that. */
const IDENTITY_KEYS = new Set(["name", "company"]);

/** Said elsewhere on the page, or echoes of the lead. */
const QUIET_KEYS = new Set(["name", "company", "cost_cents", "task_id"]);

/**
 * Reads a result of any kind; one that is no object is shown whole, under the name "result".
 *
 * @param lookedUpBy what the person was looked up by, which is then repeated: whom the result names is what was found, and
 * elsewhere a repetition of the lead
 */
export function readResult(result: unknown, lookedUpBy?: "email" | "phone"): ResultView {
  const view: ResultView = {
    emails: [],
    phones: [],
    fields: [],
    confidenceScore: null,
    references: [],
    notes: null,
    findings: [],
    scores: [],
    totalScore: null,
    isQualified: null,
    people: [],
    rest: [],
  };
  if (result === null || result === undefined) return view;
  if (!isRecord(result)) return { ...view, rest: [{ name: "result", value: result, confidence: null }] };

  const confidence = isRecord(result.field_confidence) ? result.field_confidence : {};
  for (const [key, value] of Object.entries(result)) {
    const isQuiet = lookedUpBy
      ? (key === lookedUpBy && typeof value === "string") || (QUIET_KEYS.has(key) && !IDENTITY_KEYS.has(key))
      : QUIET_KEYS.has(key);
    if (value === null || isQuiet) continue;
    if (key === "email" || key === "personal_email") {
      const emails = readEmails(value, key === "personal_email" ? "PERSONAL" : null);
      view.emails.push(...emails);
      if (emails.length === 0 && !isEmpty(value)) view.rest.push({ name: key, value, confidence: null });
    } else if (key === "phone") {
      view.phones = readPhones(value);
      if (view.phones.length === 0 && !isEmpty(value)) view.rest.push({ name: key, value, confidence: null });
    } else if (key === "structured_data" && isRecord(value)) {
      view.fields = Object.entries(value).map(([name, field]) => {
        return {
          name,
          value: field,
          confidence: readFraction(Object.hasOwn(confidence, name) ? confidence[name] : null),
        };
      });
    } else if (key === "references") {
      view.references = readReferences(value);
      if (view.references.length === 0 && !isEmpty(value)) view.rest.push({ name: key, value, confidence: null });
    } else if (key === "confidence_score" && typeof value === "number") {
      view.confidenceScore = value;
    } else if (key === "notes" && typeof value === "string") {
      view.notes = value.trim() || null;
    } else if (key === "findings" && Array.isArray(value) && value.every((item) => typeof item === "string")) {
      view.findings = value;
    } else if (key === "criteria" && readScores(value).length > 0) {
      view.scores = readScores(value);
    } else if (key === "total_score" && isShare(value)) {
      view.totalScore = value;
    } else if (key === "qualified" && typeof value === "boolean") {
      view.isQualified = value;
    } else if (key === "people" && Array.isArray(value) && value.every(isRecord)) {
      view.people = value;
    } else if (key !== "field_confidence") {
      view.rest.push({ name: key, value, confidence: null });
    }
  }
  return view;
}

/** A person as results describe one. What is not understood, or there twice, stays in `rest`. */
export interface Profile {
  name: string;
  title: string | null;
  company: string | null;
  location: string | null;
  linkedin: string | null;
  rest: [name: string, value: unknown][];
}

const PROFILE_KEYS = {
  name: ["name", "full_name"],
  title: ["title", "job_title", "role", "position"],
  company: ["company", "company_name", "employer"],
  location: ["location", "city"],
  linkedin: ["linkedin", "linkedin_url", "linkedin_profile"],
} as const;

/** Reads a record as a person; null where it gives no name. */
export function readProfile(record: Record<string, unknown>): Profile | null {
  const taken = new Set<string>();
  const take = (part: keyof typeof PROFILE_KEYS): string | null => {
    const key = PROFILE_KEYS[part].find((one) => typeof record[one] === "string" && record[one].trim() !== "");
    if (!key) return null;
    taken.add(key);
    return String(record[key]).trim();
  };
  const name = take("name");
  if (!name) return null;
  const [title, company, location, linkedin] = [take("title"), take("company"), take("location"), take("linkedin")];
  const rest = Object.entries(record).filter(([key]) => !taken.has(key));
  return { name, title, company, location, linkedin, rest };
}

/** An address of which Sixtyfour says that it is none. */
const WORTHLESS = new Set(["INVALID", "NOT_FOUND"]);

/** Whether a result has anything in it that was looked for; of many leads, see {@link countFound}. */
export function hasFound(result: unknown, lookedUpBy?: "email" | "phone"): boolean {
  const view = readResult(result, lookedUpBy);
  return (
    view.emails.some(({ status }) => !WORTHLESS.has(status ?? "")) ||
    view.phones.length > 0 ||
    view.people.length > 0 ||
    view.scores.length > 0 ||
    view.totalScore !== null ||
    view.isQualified !== null ||
    [...view.fields, ...view.rest].some(({ value }) => value !== null && value !== undefined && !isEmpty(value))
  );
}

/** For how many leads the answer to a bulk request has found something; null where it is no list of results. */
export function countFound(results: unknown, lookedUpBy?: "email" | "phone"): number | null {
  return Array.isArray(results) ? results.filter((result) => hasFound(result, lookedUpBy)).length : null;
}

/** Empty where one of the entries is no score, or on another scale than thresholds are: then all are shown as they came. */
function readScores(value: unknown): Score[] {
  if (!Array.isArray(value) || !value.every(isRecord)) return [];
  const number = (given: unknown) => (typeof given === "number" && Number.isFinite(given) ? given : null);
  const scores = value.flatMap((entry): Score[] => {
    const name = entry.criteria_name ?? entry.name;
    if (typeof name !== "string" || (typeof entry.score === "number" && !isShare(entry.score))) return [];
    return [
      {
        name,
        score: number(entry.score),
        weight: number(entry.weight),
        threshold: number(entry.threshold),
        isPassed: typeof entry.passed === "boolean" ? entry.passed : null,
        reasoning: typeof entry.reasoning === "string" ? entry.reasoning.trim() || null : null,
      },
    ];
  });
  return scores.length === value.length ? scores : [];
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/**
 * One thing with facts of its own, or several: people, offices, rounds of funding; null where a value is none. Sixtyfour
 * gives a `dict` back as text with JSON in it.
 */
export function readRecords(given: unknown): Record<string, unknown>[] | null {
  const value = typeof given === "string" && /^\s*\{/.test(given) ? parseJson(given) : given;
  if (isRecord(value)) return Object.keys(value).length > 0 ? [value] : null;
  return Array.isArray(value) && value.length > 0 && value.every(isRecord) ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that only begins like JSON.
    return null;
  }
}

/** `[[address, status, type?], …]`; also a plain address, a list of them, or objects, seen in older versions. */
function readEmails(value: unknown, type: string | null): FoundEmail[] {
  if (typeof value === "string") return looksLikeEmail(value) ? [{ address: value, status: null, type }] : [];
  if (!Array.isArray(value)) return [];
  if (looksLikeEmail(value[0]) && value.slice(1).every((part) => typeof part === "string" && !looksLikeEmail(part))) {
    return [readEmailTuple(value, type)];
  }
  return value.flatMap((entry): FoundEmail[] => {
    if (looksLikeEmail(entry)) return [{ address: entry, status: null, type }];
    if (Array.isArray(entry) && looksLikeEmail(entry[0])) return [readEmailTuple(entry, type)];
    if (isRecord(entry)) {
      const address = entry.address ?? entry.email;
      return looksLikeEmail(address) ? [readEmailTuple([address, entry.status, entry.type], type)] : [];
    }
    return [];
  });
}

function readEmailTuple([address, status, type]: unknown[], defaultType: string | null): FoundEmail {
  const word = (value: unknown) => (typeof value === "string" && value.trim() ? value.trim().toUpperCase() : null);
  return { address: String(address), status: word(status), type: word(type) ?? defaultType };
}

function readPhones(value: unknown): string[] {
  const entries = Array.isArray(value) ? value.flat() : [value];
  return entries
    .map((entry) => (isRecord(entry) ? (entry.number ?? entry.phone) : entry))
    .filter((entry): entry is string => typeof entry === "string" && /\d{4}/.test(entry.replace(/\D/g, "")))
    .map((entry) => entry.trim());
}

/** An object from URL to description, a list of URLs, or a list of `{url, description}`. */
function readReferences(value: unknown): Reference[] {
  const text = (given: unknown) => (typeof given === "string" && given.trim() ? given.trim() : null);
  if (isRecord(value)) return Object.entries(value).map(([url, given]) => ({ url, description: text(given) }));
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry): Reference[] => {
    if (typeof entry === "string") return [{ url: entry, description: null }];
    const url = isRecord(entry) ? text(entry.url ?? entry.link) : null;
    if (!url || !isRecord(entry)) return [];
    return [{ url, description: text(entry.description ?? entry.title) }];
  });
}

/** Confidence is given as a share, as points of ten, or in percent. */
function readFraction(value: unknown): number | null {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return null;
  if (value <= 1) return value;
  return value <= 10 ? value / 10 : Math.min(value / 100, 1);
}

function looksLikeEmail(value: unknown): value is string {
  return typeof value === "string" && /^[^\s@]+@[^\s@]+$/.test(value.trim());
}

function isEmpty(value: unknown): boolean {
  return (
    value === "" ||
    (Array.isArray(value) && value.flat().length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
