/**
 * Reads the result of one enrichment for people. Each kind has a small reader of its own, which also decides whether
 * something was found; shapes differ by endpoint, by version of the documentation and by answer, so every reader is
 * lenient. What no reader knows ends up in `other`, and nothing is dropped. Safe for the browser.
 *
 * The shapes are those of Sixtyfour's documentation and of the outputs in its tutorials.
 */
import { type FoundEmail, type FoundPhone, isUsable } from "@/lib/sixtyfour/results/contacts";
import { isSomebody, type Profile, readPeople } from "@/lib/sixtyfour/results/profiles";
import { type Qualification, readQualification } from "@/lib/sixtyfour/results/qualification";
import { repeatsLead } from "@/lib/sixtyfour/results/repeats-lead";
import { type FoundField, plainField, Source } from "@/lib/sixtyfour/results/source";
import { isRecord, keyOf, readConfidence, readValue, saysSomething, textOf } from "@/lib/sixtyfour/results/values";
import { compact, companyWords, isSameValue, wordsOf } from "@/lib/sixtyfour/same-value";
import { isTaskKindId, type TaskKindId } from "@/lib/sixtyfour/task-kinds";

/** The question that a result answers. Without a kind, its shape tells. */
export interface Asked {
  kind?: string;
  /** The lead as it was sent: whatever repeats it is not found. */
  lead?: Record<string, string>;
  /** Names of the output fields that were asked for; empty or missing where it was left to Sixtyfour. */
  outputs?: readonly string[];
}

interface Reference {
  url: string;
  description: string | null;
}

export interface ResultView {
  /** True if something that was asked for was found: the one rule for rows, filters, counts and exports. */
  isFound: boolean;
  /** Every address that came, also those that Sixtyfour rejects; see {@link isUsable}. */
  emails: FoundEmail[];
  phones: FoundPhone[];
  /** The person behind an address or a number. */
  profile: Profile | null;
  /** Output fields, in the order in which they came. */
  fields: FoundField[];
  qualification: Qualification | null;
  /** People of a company, with the fields that were asked for; empty values are absent. */
  people: Record<string, unknown>[];
  /** Confidence in the whole result, 0 to 1, whichever scale Sixtyfour used. */
  confidence: number | null;
  references: Reference[];
  notes: string | null;
  findings: string[];
  /** Everything that no reader knows, as it came. */
  other: FoundField[];
}

/**
 * Reads a result as the answer to what was asked. A result that is no object is shown whole, under the name "result".
 */
export function readResult(result: unknown, asked: Asked = {}): ResultView {
  const value = unwrap(result);
  if (value === null || value === undefined) return { ...emptyView() };
  if (!isRecord(value))
    return { ...emptyView(), isFound: isListFound(value, asked), other: [plainField("result", value)] };
  const source = new Source(value, asked.lead ?? {});
  const read = isTaskKindId(asked.kind) ? READERS[asked.kind] : guessReader(value);
  const view = { ...emptyView(), ...read(source, asked) };
  return { ...view, other: source.readOther() };
}

/** True if a result has anything of what was asked for; for many leads, see {@link countFound}. */
export function hasFound(result: unknown, asked: Asked = {}): boolean {
  return readResult(result, asked).isFound;
}

/**
 * Counts the leads of a bulk request for which something was found; null where the results are no list. Position tells
 * which result is whose.
 */
export function countFound(results: unknown, asked: Asked, leads: Record<string, string>[] = []): number | null {
  if (!Array.isArray(results)) return null;
  return results.filter((result, index) => hasFound(result, { ...asked, lead: leads[index] ?? {} })).length;
}

/** For a result that is no object: a list of results, or plain text where the answer is one. */
function isListFound(value: unknown, asked: Asked): boolean {
  if (Array.isArray(value) && value.every(isRecord)) return value.some((one) => hasFound(one, asked));
  const isText = !isTaskKindId(asked.kind) || TEXT_KINDS.has(asked.kind);
  return isText && saysSomething(value);
}

const TEXT_KINDS: ReadonlySet<TaskKindId> = new Set(["research_agent", "qa_agent"]);

type Reader = (source: Source, asked: Asked) => Omit<Partial<ResultView>, "isFound"> & { isFound: boolean };

const READERS: Record<TaskKindId, Reader> = {
  find_email: readFoundEmail,
  find_phone: readFoundPhone,
  reverse_email: (source, asked) => readReverse(source, asked, "email"),
  reverse_phone: (source, asked) => readReverse(source, asked, "phone"),
  people_intelligence: readResearch,
  company_intelligence: readCompany,
  research_agent: readResearch,
  qa_agent: readQualified,
};

function readFoundEmail(source: Source, asked: Asked): ReturnType<Reader> {
  const emails = [...source.takeEmails("email"), ...source.takeEmails("personal_email", "PERSONAL")];
  const phones = source.takePhones("phone");
  const isFound = emails.some((email) => isUsable(email) && !source.repeats("email", email.address));
  return {
    ...readReport(source, asked),
    emails: emails.filter(({ address }) => !source.repeats("email", address)),
    phones,
    isFound,
  };
}

function readFoundPhone(source: Source, asked: Asked): ReturnType<Reader> {
  const phones = source.takePhones("phone");
  return { ...readReport(source, asked), phones, isFound: phones.length > 0 };
}

/** The person behind an address or a number; what was looked up is repeated in the result and is no find. */
function readReverse(source: Source, asked: Asked, lookedUpBy: "email" | "phone"): ReturnType<Reader> {
  const echo = source.peek(lookedUpBy);
  const sent = { ...(typeof echo === "string" ? { [lookedUpBy]: echo } : {}), ...source.lead };
  const emails = source.takeEmails("email").filter(({ address }) => !repeatsLead("email", address, sent));
  const phones = source.takePhones("phone").filter(({ number }) => !repeatsLead("phone", number, sent));
  const report = readReport(source, asked);
  const profile = source.peekProfile();
  const isPersonFound = profile !== null && !isMadeOfLead(profile, sent);
  return {
    ...report,
    emails,
    phones,
    // A name that was made up of what was sent is no find, and stays to be seen under "Other".
    profile: isPersonFound ? source.takeProfile() : null,
    isFound: isPersonFound || emails.some(isUsable) || phones.length > 0,
  };
}

/** Names that are given to somebody whom nobody knows: "Unknown caller", "Caller +1 555 0100". */
const NOBODY =
  /^((unknown|anonymous|unnamed|unidentified)( \p{L}+)?|no name|(caller|contact|owner|subscriber|user)( [+\d][\d\s().-]*)?)$/iu;

/**
 * True if a profile says nothing that was not sent: its name is made of the address or number, and nothing else is known
 * but a company that is named like the address's domain.
 */
function isMadeOfLead({ name, title, company, location, linkedin }: Profile, lead: Record<string, string>): boolean {
  if (title || location || linkedin) return false;
  const [mailbox = "", domain = ""] = (lead.email ?? "").split("@");
  const labels = domain.split(".").slice(0, -1);
  const sentWords = new Set([mailbox.replace(/\d+/g, " "), ...labels].flatMap(wordsOf));
  const isNameSent =
    NOBODY.test(name.trim()) ||
    !/\p{L}/u.test(name) ||
    [...Object.values(lead), mailbox, ...labels].some((value) => compact(value) === compact(name)) ||
    companyWords(name).every((word) => sentWords.has(word));
  return isNameSent && (!company || labels.some((label) => isSameValue(company, label)) || isSent(company, lead));
}

function isSent(value: string, lead: Record<string, string>): boolean {
  return Object.values(lead).some((sent) => isSameValue(value, sent));
}

/** Intelligence about a person, and the research agent. */
function readResearch(source: Source, asked: Asked): ReturnType<Reader> {
  const report = readReport(source, asked);
  return { ...report, isFound: isAnyAskedFound(source, report, asked) };
}

/** Where a company's people stand, in `structured_data` and beside it. */
const PEOPLE_KEYS = ["leads", "people"];

/** Intelligence about a company, and the people found there. */
function readCompany(source: Source, asked: Asked): ReturnType<Reader> {
  const report = readReport(source, asked);
  const isPeopleField = ({ name, value }: FoundField) => PEOPLE_KEYS.includes(name) && readPeople(value) !== null;
  const inFields = report.fields.filter(isPeopleField).flatMap(({ value }) => readPeople(value) ?? []);
  const beside = PEOPLE_KEYS.flatMap((key) => source.takePeople(key));
  const people = withoutRepeats([...inFields, ...beside].map(withoutEmpty));
  const fields = report.fields.filter((field) => !isPeopleField(field));
  const isPersonFound = people.some((person) => isSomebody(person) && !source.repeats("person", person));
  return { ...report, fields, people, isFound: isPersonFound || isAnyAskedFound(source, { ...report, fields }, asked) };
}

/** A qualified lead: the fields that were asked for, read as a verdict; without any, the notes are the answer. */
function readQualified(source: Source, asked: Asked): ReturnType<Reader> {
  const report = readReport(source, asked);
  const isFound = report.fields.some((field) => isAskedFound(source, field, asked)) || saysSomething(report.notes);
  return { ...report, qualification: readQualification(report.fields), isFound };
}

/** Anything that says something is what was asked for. */
function readUnknown(source: Source, asked: Asked): ReturnType<Reader> {
  const report = readReport(source, asked);
  const isFound =
    isAnyAskedFound(source, report, asked) || source.readOther().some(({ name, value }) => saysSomething(value, name));
  return { ...report, isFound };
}

type Report = Pick<ResultView, "fields" | "confidence" | "references" | "notes" | "findings">;

/** The keys that all intelligence results share. Fields that were asked for may stand beside `structured_data` as well. */
function readReport(source: Source, { outputs = [] }: Asked): Report {
  const confidences = source.takeRecord("field_confidence");
  const structured = new Map(Object.entries(source.takeRecord("structured_data")));
  const inStructured = (name: string) => [...structured.keys()].find((key) => keyOf(key) === keyOf(name)) ?? name;
  for (const name of outputs) {
    const key = inStructured(name);
    if (source.peek(name) !== undefined && !saysSomething(structured.get(key), key)) {
      structured.set(key, source.take(name));
    }
  }
  const fields = [...structured].map(([name, value]) => ({
    name,
    value: readValue(value),
    confidence: readConfidence(Object.hasOwn(confidences, name) ? confidences[name] : null),
  }));
  return {
    fields,
    confidence: source.takeWith("confidence_score", readConfidence),
    references: source.takeWith("references", readReferences) ?? [],
    notes: source.takeWith("notes", (value) => (typeof value === "string" ? textOf(value) : null)),
    findings: source.takeWith("findings", readTexts) ?? [],
  };
}

/** Where no fields were asked for and none came, the findings and notes are the answer. */
function isAnyAskedFound(source: Source, { fields, findings, notes }: Report, asked: Asked): boolean {
  if (fields.length > 0) return fields.some((field) => isAskedFound(source, field, asked));
  // A text in the place of the fields is the answer, unless it says that there is none.
  if (saysSomething(source.peek("structured_data"))) return true;
  if (asked.outputs?.length) return false;
  return findings.some((finding) => saysSomething(finding)) || saysSomething(notes);
}

function isAskedFound(source: Source, { name, value }: FoundField, { outputs }: Asked): boolean {
  const isAsked = !outputs?.length || outputs.some((output) => keyOf(output) === keyOf(name));
  return isAsked && saysSomething(value, name) && !source.repeats(name, value);
}

function emptyView(): ResultView {
  return {
    isFound: false,
    emails: [],
    phones: [],
    profile: null,
    fields: [],
    qualification: null,
    people: [],
    confidence: null,
    references: [],
    notes: null,
    findings: [],
    other: [],
  };
}

/** A job for one lead may answer with a list of one, or with JSON as text. */
function unwrap(result: unknown): unknown {
  const value = readValue(result);
  return Array.isArray(value) && value.length === 1 && isRecord(value[0]) ? value[0] : value;
}

/** For a result of a kind that this version does not know: its shape tells. */
function guessReader(result: Record<string, unknown>): Reader {
  if (result.structured_data !== undefined) return READERS.company_intelligence;
  if (typeof result.email === "string") {
    // Only a finder of phones repeats the address that was sent, and only a reverse look-up names somebody for it.
    if (result.phone !== undefined) return READERS.find_phone;
    if ("name" in result) return READERS.reverse_email;
  }
  if (result.email !== undefined || result.personal_email !== undefined) return READERS.find_email;
  if (result.phone !== undefined) return READERS.find_phone;
  return readUnknown;
}

/** Without empty records, and each record once. */
function withoutRepeats(people: Record<string, unknown>[]): Record<string, unknown>[] {
  const texts = people.map((person) => JSON.stringify(person));
  return people.filter(
    (person, index) => Object.keys(person).length > 0 && texts.indexOf(texts[index] ?? "") === index,
  );
}

function withoutEmpty(person: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(person).filter(([key, value]) => saysSomething(value, key)));
}

function readTexts(value: unknown): string[] | null {
  const texts = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text === "string") ? texts.filter((text) => text.trim()) : null;
}

/** Reads an object from URL to description, a list of URLs, or a list of `{url, description}`; null for anything else. */
function readReferences(value: unknown): Reference[] | null {
  if (isRecord(value)) return Object.entries(value).map(([url, given]) => ({ url, description: textOf(given) }));
  if (!Array.isArray(value)) return null;
  const references = value.map((entry): Reference | null => {
    if (typeof entry === "string") return { url: entry, description: null };
    const url = isRecord(entry) ? textOf(entry.url ?? entry.link) : null;
    return url && isRecord(entry) ? { url, description: textOf(entry.description ?? entry.title) } : null;
  });
  return references.includes(null) ? null : references.filter((reference) => reference !== null);
}
