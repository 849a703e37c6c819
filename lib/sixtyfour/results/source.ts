import {
  type Contacts,
  type FoundEmail,
  type FoundPhone,
  readEmails,
  readPhones,
} from "@/lib/sixtyfour/results/contacts";
import { type Profile, readPeople, readProfile } from "@/lib/sixtyfour/results/profiles";
import { repeatsLead } from "@/lib/sixtyfour/results/repeats-lead";
import { isBlank, isRecord, readValue } from "@/lib/sixtyfour/results/values";

export interface FoundField {
  name: string;
  value: unknown;
  /** 0 to 1, where Sixtyfour gave one. */
  confidence: number | null;
}

/** A result from which readers take what they know, so that the rest can be shown as well. Safe for the browser. */
export class Source {
  private readonly taken = new Set<string>(["cost_cents", "task_id"]);
  /** Entries of lists that nobody understood, by their keys. */
  private readonly leftovers = new Map<string, unknown[]>();

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

  /** Takes a record, or a list of one. */
  takeRecord(key: string): Record<string, unknown> {
    const record = (value: unknown) => (isRecord(value) ? value : null);
    return (
      this.takeWith(key, (value) => (Array.isArray(value) && value.length === 1 ? record(value[0]) : record(value))) ??
      {}
    );
  }

  /** Takes addresses; a status beside them counts where they have none of their own. */
  takeEmails(key: string, type: string | null = null): FoundEmail[] {
    const isMiss = this.peek("found") === false || this.peek(`${key}_found`) === false;
    const status = isMiss ? "NOT_FOUND" : (this.peek(`${key}_status`) ?? this.peek("status"));
    return this.takeContacts(key, readEmails(this.peek(key), { type, status }));
  }

  takePhones(key: string): FoundPhone[] {
    return this.takeContacts(key, readPhones(this.peek(key))).filter(({ number }) => !this.repeats("phone", number));
  }

  /** Takes a list of people; entries that are no records stay for `other`. */
  takePeople(key: string): Record<string, unknown>[] {
    const people = readPeople(this.peek(key));
    if (people) this.taken.add(key);
    return people ?? [];
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
    const left = Object.entries(this.record).filter(([name, value]) => !this.taken.has(name) && !isBlank(value));
    return [...left, ...this.leftovers]
      .filter(([name, value]) => !isEcho(name, value))
      .map(([name, value]) => plainField(name, value));
  }

  private takeContacts<T>(key: string, { found, rest }: Contacts<T>): T[] {
    const isUntouched = found.length === 0 && rest.length > 0;
    if (isUntouched) return [];
    this.taken.add(key);
    if (rest.length > 0) this.leftovers.set(key, rest);
    return found;
  }
}

/** A field without a confidence, its value as it was meant. */
export function plainField(name: string, value: unknown): FoundField {
  return { name, value: readValue(value), confidence: null };
}
