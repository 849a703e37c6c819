/** Made-up values for the fields of a `struct`, in the types it declares. */
import { createHash } from "node:crypto";
import { imagineMailbox, imagineName, imaginePhone, type Subject, slug } from "@/sandbox/fiction";
import { pythonText } from "@/sandbox/python-text";
import type { OutputType, Struct } from "@/sandbox/requests";
import type { SeededRandom } from "@/sandbox/seeded-random";

const WORDS = ["remote first", "series B", "open source", "B2B", "expanding", "founder led", "profitable"] as const;

const IMAGE_NAME = /photo|image|logo|avatar|headshot|picture/i;

/** Returns one value for each field that the struct names, and nothing else. */
export function imagineStruct(struct: Struct, subject: Subject, random: SeededRandom): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(struct).map(([name, field]) => {
      const type = typeof field === "string" ? "str" : (field.type ?? "str");
      return [name, imagineValue(name, type, subject, random)];
    }),
  );
}

function imagineValue(name: string, type: OutputType, subject: Subject, random: SeededRandom): unknown {
  switch (type) {
    case "str":
    case "string":
      return imagineText(name, subject, random);
    case "int":
      return imagineInt(name, random);
    case "float":
      return random.decimal(0, 100);
    case "bool":
      return random.chance(0.6);
    case "list":
      // A list whose items have no type comes back as text in Python's notation.
      return pythonText(imagineList(random, () => random.pick(WORDS)));
    case "list[str]":
    case "list[string]":
      return imagineList(random, () => random.pick(WORDS));
    case "list[int]":
      return imagineList(random, () => imagineInt(name, random));
    case "list[float]":
      return imagineList(random, () => random.decimal(0, 100));
    case "list[bool]":
      return imagineList(random, () => random.chance(0.5));
    case "dict":
      // The API returns a dict as text with JSON in it.
      return JSON.stringify({ company: subject.company, rank: random.int(1, 10), note: random.pick(WORDS) });
  }
}

function imagineList<T>(random: SeededRandom, imagine: () => T): T[] {
  return [...new Set(Array.from({ length: random.int(2, 4) }, imagine))];
}

function imagineInt(name: string, random: SeededRandom): number {
  if (/years/i.test(name)) return random.int(1, 30);
  if (/year|founded/i.test(name)) return random.int(1960, 2023);
  if (/employee|headcount|size|staff/i.test(name)) return random.int(12, 4800);
  if (/revenue|funding|raised|valuation/i.test(name)) return random.int(1, 400) * 100_000;
  return random.int(1, 100);
}

/** Makes up a text that fits a field's name. */
export function imagineText(name: string, subject: Subject, random: SeededRandom): string {
  const meanings: [RegExp, () => string][] = [
    [IMAGE_NAME, () => imagineImage(name, subject)],
    [/e-?mail/i, () => `${imagineMailbox(subject.name, random)}@${subject.domain}`],
    [/phone|mobile/i, () => imaginePhone(random)],
    [/linkedin/i, () => subject.linkedin],
    [/website|url|domain/i, () => `https://${subject.domain}`],
    [/title|role|position|job/i, () => subject.title],
    [/location|city|country|headquarter|office|address/i, () => subject.location],
    [/industry|sector/i, () => subject.industry],
    [/company|employer|organi[sz]ation/i, () => subject.company],
    [/employee|headcount|size/i, () => `${random.int(2, 48) * 10} employees`],
    [/revenue|funding|raised/i, () => `$${random.int(1, 90)} million`],
    [/founded|year/i, () => String(random.int(1960, 2023))],
    [/summary|bio|about|overview|description/i, () => imagineSummary(subject)],
    [/ceo|cto|cfo|founder|owner|contact|manager/i, () => imagineName(random)],
    [/name/i, () => subject.name],
  ];
  const meaning = meanings.find(([pattern]) => pattern.test(name));
  const readable = slug(name, " ") || "this field";
  return meaning?.[1]() ?? `Made-up answer about ${readable}: ${random.pick(WORDS)}`;
}

/**
 * Returns a permanent URL, as the API does for a field that asks for an image. Of a host that nobody has: the real API must not be
 * asked for pictures that it never made.
 */
function imagineImage(name: string, subject: Subject): string {
  const hash = createHash("sha256").update(`${name}\n${subject.name}\n${subject.company}`).digest("hex").slice(0, 32);
  return `https://media.sixtyfour.example/v1/media/${hash}.png`;
}

function imagineSummary(subject: Subject): string {
  return `${subject.company} works in ${subject.industry.toLowerCase()} from ${subject.location}.`;
}
