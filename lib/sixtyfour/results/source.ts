import { type FoundEmail, type FoundPhone, readEmails, readPhones } from "@/lib/sixtyfour/results/contacts";
import { type Profile, readPeople, readProfile } from "@/lib/sixtyfour/results/profiles";
import { isRecord, readValue, repeatsLead, saysSomething } from "@/lib/sixtyfour/results/values";

export interface FoundField {
  name: string;
  value: unknown;
  /** 0 to 1, where Sixtyfour gave one. */
  confidence: number | null;
}

/** A result from which readers take what they know, so that the rest can be shown as well. Safe for the browser. */
export class Source {
  private readonly taken = new Set<string>(["cost_cents", "task_id"]);

  constructor(
    private readonly record: Record<string, unknown>,
    readonly lead: Record<string, string>,
  ) {}

  peek(key: string): unknown {
    return Object.hasOwn(this.record, key) ? this.record[key] : undefined;
  }

  take(key: string): unknown {
    this.taken.add(key);
    return this.peek(key);
  }

  /** Takes a value that `read` understands; any other stays for `other`, and is null here. */
  takeWith<T>(key: string, read: (value: unknown) => T | null): T | null {
    const value = readValue(this.peek(key));
    const understood = value === undefined || value === null ? null : read(value);
    if (understood !== null) this.taken.add(key);
    return understood;
  }

  takeRecord(key: string): Record<string, unknown> {
    return this.takeWith(key, (value) => (isRecord(value) ? value : null)) ?? {};
  }

  takeEmails(key: string, type: string | null): FoundEmail[] {
    return this.takeList(key, (value) => readEmails(value, type));
  }

  takePhones(key: string): FoundPhone[] {
    return this.takeList(key, readPhones).filter(({ number }) => !this.repeats("phone", number));
  }

  takePeople(key: string): Record<string, unknown>[] {
    return this.takeList(key, (value) => readPeople(value) ?? []);
  }

  /** Returns the person that the result itself describes. */
  peekProfile(): Profile | null {
    return readProfile(this.left());
  }

  /** Takes that person; keys that are no part of the profile stay for `other`. */
  takeProfile(): Profile | null {
    const left = this.left();
    const profile = readProfile(left);
    if (!profile) return null;
    const rest = new Set(profile.rest.map(([key]) => key));
    for (const key of Object.keys(left)) if (!rest.has(key)) this.taken.add(key);
    return { ...profile, rest: [] };
  }

  private left(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.record).filter(([key]) => !this.taken.has(key)));
  }

  repeats(name: string, value: unknown): boolean {
    return repeatsLead(name, value, this.lead);
  }

  /** All that nobody took, without empty values and without what only repeats the lead. */
  readOther(): FoundField[] {
    const isLeadKnown = Object.keys(this.lead).length > 0;
    const isEcho = (name: string, value: unknown) =>
      (!isLeadKnown && (name === "name" || name === "company")) || this.repeats(name, value);
    return Object.entries(this.record)
      .filter(([name, value]) => !this.taken.has(name) && !isBlank(value) && !isEcho(name, value))
      .map(([name, value]) => plainField(name, value));
  }

  /** A list that is empty although its value says something stays for `other`. */
  private takeList<T>(key: string, read: (value: unknown) => T[]): T[] {
    const list = read(this.peek(key));
    if (list.length > 0 || !saysSomething(this.peek(key), key)) this.taken.add(key);
    return list;
  }
}

/** A field without a confidence, its value as it was meant. */
export function plainField(name: string, value: unknown): FoundField {
  return { name, value: readValue(value), confidence: null };
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}
