import { is, SQL, type SQLWrapper, sql } from "drizzle-orm";

/**
 * A statement, or a part of one, with its values written out. Of a statement with parameters the driver first asks
 * Postgres for their types, and sends nothing else until they are there; one without takes a single round trip, and goes
 * out together with others. For times, numbers and words of our own and for what was checked to be a word, never for a
 * text that somebody typed. Nothing more may be added to a statement afterwards.
 */
export function inline<T extends SQLWrapper | undefined>(part: T): T {
  if (part === undefined) return part;
  if (is(part, SQL)) return sql`${part}`.inlineParams() as SQLWrapper as T;
  const whole = part.getSQL().inlineParams();
  return Object.assign(part, { getSQL: () => whole });
}

/** The same for the limit of a statement, whose type knows of numbers alone. */
export function inlineLimit(limit: number): number {
  return sql.raw(String(limit)) as unknown as number;
}

/** Bytes for {@link inline}, which would take them for a text. */
export function inlineBytes(bytes: Uint8Array): SQL<Uint8Array> {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return sql<Uint8Array>`decode(${hex}, 'hex')`;
}

/**
 * {@link inline} where each of these texts, which came from outside, has nothing but the letters, digits and signs that
 * ids are made of; else the statement keeps its parameters, and takes longer.
 */
export function inlineIfWords<T extends SQLWrapper>(texts: (string | null)[], statement: T): T {
  return texts.every((text) => text === null || /^[\w.-]*$/.test(text)) ? inline(statement) : statement;
}
