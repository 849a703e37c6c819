import { seededRandom } from "@/sandbox/seeded-random";

/** One lead of a soak. Its company is its own, so that tasks and jobs can be told apart by it. */
export interface SoakLead {
  kind: "find_email" | "find_phone";
  company: string;
  fields: Record<string, string>;
}

const FIRST_NAMES = ["Ada", "Emil", "Zoë", "Łukasz", "O'Neil", "美咲", "Müge", "Jean-Luc", "N'Golo", "Ṭāriq"] as const;
const LAST_NAMES = ["Lovelace", "Novak", "Müller & Söhne", "<b>Bold</b>", "O’Brien", "山田", '"Quote"', "🙂"] as const;
const TITLES = ["Head of Research", "CTO", "Ingénieure", "C++ / C# \\ developer", "100 % part-time"] as const;

/** The leads of a soak: the same for the same seed, and no two alike. */
export function makeLeads(count: number, seed: number): SoakLead[] {
  return Array.from({ length: count }, (_, index) => {
    const random = seededRandom(["lead", seed, index]);
    const company = `Soak ${seed}-${index + 1} Ltd`;
    const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
    const kind = random.chance(0.75) ? "find_email" : "find_phone";
    const title = random.chance(0.5) ? random.pick(TITLES) : null;
    // The form for a phone has no field for a title.
    return { kind, company, fields: { name, company, ...(title !== null && kind === "find_email" && { title }) } };
  });
}
