/** Made-up people of a company, in the shape of `structured_data.leads`. */
import { imagineMailbox, imaginePhone, imagineSubject } from "@/sandbox/fiction";
import type { Struct } from "@/sandbox/requests";
import type { SeededRandom } from "@/sandbox/seeded-random";
import { imagineStruct } from "@/sandbox/struct-values";

const CHANCE_OF_GAP = 0.2;

/** Returns people with the usual fields and those of `struct`. A field that is not known is an empty text. */
export function imaginePeople(
  { company, domain, size, struct }: { company: string; domain: string; size: number; struct?: Struct | null },
  random: SeededRandom,
): Record<string, unknown>[] {
  return Array.from({ length: size }, () => {
    const person = imagineSubject({ company, domain }, random);
    const known = (value: unknown) => (random.chance(CHANCE_OF_GAP) ? "" : value);
    const further = Object.entries(imagineStruct(struct ?? {}, person, random));
    return {
      ...Object.fromEntries(further.map(([name, value]) => [name, known(value)])),
      name: person.name,
      email: known(`${imagineMailbox(person.name, random)}@${person.domain}`),
      company,
      title: known(person.title),
      phone: known(imaginePhone(random)),
      score: (random.int(50, 100) / 10).toFixed(1),
      linkedin: known(person.linkedin),
    };
  });
}
