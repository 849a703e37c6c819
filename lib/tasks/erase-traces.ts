import { and, eq, inArray, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, leads, savedViews, submissions } from "@/db/schema";

/** Fields of a lead that say which person is meant. A company, a title or a place is shared by many. */
const IDENTIFYING_FIELDS = ["email", "phone", "linkedin", "linkedin_url"];
const NAME_FIELDS = ["name", "full_name"];

/** A shorter text stands in records of others as well. */
const MIN_LENGTH = 5;

/**
 * The values that tell these people from others: their full names, addresses, numbers and profiles. A single word and what
 * is too short are left out, since others have them too.
 */
export function identifyingValues(fields: Record<string, string>[]): string[] {
  const values = fields.flatMap((lead) => [
    ...IDENTIFYING_FIELDS.map((name) => lead[name]),
    ...[...NAME_FIELDS.map((name) => lead[name]), [lead.first_name, lead.last_name].filter(Boolean).join(" ")].filter(
      (name) => name?.trim().includes(" "),
    ),
  ]);
  const texts = values.map((value) => value?.trim() ?? "").filter((value) => value.length >= MIN_LENGTH);
  return [...new Set(texts)];
}

/**
 * Deletes what names some leads outside their own tasks: webhooks that belong to no task, names and messages of lists,
 * saved views, and rows of drafts.
 *
 * @param sixtyfourTaskIds the jobs of their tasks
 */
export async function eraseTraces(
  tx: Transaction,
  { values, sixtyfourTaskIds }: { values: string[]; sixtyfourTaskIds: string[] },
): Promise<void> {
  await eraseStrayDeliveries(tx, values, sixtyfourTaskIds);
  if (values.length === 0) return;
  await eraseInSubmissions(tx, values);
  await eraseDraftRows(tx, values);
  await eraseSavedViews(tx, values);
}

/**
 * A webhook that no task took keeps only that it arrived, if it has one of the values. One that has it within a longer text
 * may be about somebody else, whose result it would be.
 */
async function eraseStrayDeliveries(tx: Transaction, values: string[], sixtyfourTaskIds: string[]): Promise<void> {
  const bodies = values.flatMap(spellingsInJson).map((text) => Buffer.from(text));
  const named = bodies.map((bytes): SQL => sql`position(${bytes}::bytea in ${deliveries.body}) > 0`);
  const ofJob = sixtyfourTaskIds.length > 0 ? inArray(deliveries.sixtyfourTaskId, sixtyfourTaskIds) : undefined;
  const which = or(ofJob, ...named);
  if (!which) return;
  await tx
    .update(deliveries)
    .set({ headers: {}, body: new Uint8Array(), bodySha256: null })
    .where(and(isNull(deliveries.taskId), ne(deliveries.outcome, "applied"), which));
}

/** A text as it stands in JSON, in its quotes: as it is, and with everything but ASCII escaped. */
function spellingsInJson(text: string): string[] {
  const plain = JSON.stringify(text);
  const escaped = plain.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [...new Set([plain, escaped])];
}

/** The names, messages and options of lists that hold a value; a list's other options stay. */
async function eraseInSubmissions(tx: Transaction, values: string[]): Promise<void> {
  const holds = (column: SQL) => or(...values.map((value) => sql`position(lower(${value}) in lower(${column})) > 0`));
  const [name, message] = [sql`${submissions.name}`, sql`coalesce(${submissions.pauseMessage}, '')`];
  const options = sql`${submissions.options}::text`;
  const found = await tx
    .select({
      id: submissions.id,
      name: submissions.name,
      pauseMessage: submissions.pauseMessage,
      options: submissions.options,
    })
    .from(submissions)
    .where(or(holds(name), holds(message), holds(options)))
    .for("update");
  for (const { id, ...texts } of found) {
    await tx
      .update(submissions)
      .set(withoutValues(texts, values) as typeof texts)
      .where(eq(submissions.id, id));
  }
}

/** The same value with each text that holds one of `values` emptied. */
function withoutValues(given: unknown, values: string[]): unknown {
  if (typeof given === "string") return holdsAny(given, values) ? "" : given;
  if (Array.isArray(given)) return given.map((item) => withoutValues(item, values));
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, withoutValues(value, values)]));
}

function holdsAny(text: string, values: string[]): boolean {
  const lower = text.toLowerCase();
  return values.some((value) => lower.includes(value.toLowerCase()));
}

/** Rows of drafts are removed whole: an empty one must never be sent. */
async function eraseDraftRows(tx: Transaction, values: string[]): Promise<void> {
  const texts = sql`lower(${leads.fields}::text || ' ' || coalesce(${leads.cells}::text, ''))`;
  const named = values.flatMap(spellingsInJson).map((text): SQL => sql`position(lower(${text}) in ${texts}) > 0`);
  const drafts = tx
    .select({ id: submissions.id })
    .from(submissions)
    .where(and(isNull(submissions.confirmedAt), isNull(submissions.cancelledAt)));
  const removed = await tx
    .delete(leads)
    .where(and(inArray(leads.submissionId, drafts), isNull(leads.taskId), or(...named)))
    .returning({ submissionId: leads.submissionId });
  for (const submissionId of new Set(removed.map((lead) => lead.submissionId))) {
    const leadCount = await tx.$count(leads, eq(leads.submissionId, submissionId));
    await tx.update(submissions).set({ leadCount }).where(eq(submissions.id, submissionId));
  }
}

async function eraseSavedViews(tx: Transaction, values: string[]): Promise<void> {
  const views = await tx.select().from(savedViews);
  const named = views.filter(({ name, query }) => {
    return holdsAny(name, values) || holdsAny(new URLSearchParams(query).get("q") ?? "", values);
  });
  if (named.length === 0) return;
  const ids = named.map(({ id }) => id);
  await tx.delete(savedViews).where(inArray(savedViews.id, ids));
}
