import { and, asc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import {
  deliveries,
  erasures,
  leadSearch,
  leads,
  outputTemplates,
  type Person,
  type StillNamed,
  savedViews,
  submissions,
  taskEvents,
  tasks,
} from "@/db/schema";
import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { createMatcher, GAP, type PersonMatcher, personOf, textsOfBody, textsWithin } from "@/lib/tasks/person-traces";
import { wordsOf } from "@/lib/tasks/where-tasks";

/** A process that died holds up an erasure for so long. Each step takes far less. */
const LEASE_IN_SECONDS = 60;
/** What is searched for together: one look at each text serves all of them. */
const PEOPLE_TOGETHER = 20_000;
const ERASURES_TOGETHER = 500;
const DELIVERIES_PER_STEP = 200;
/** A text is read in one go, and other requests wait meanwhile. */
const BYTES_PER_STEP = 1_000_000;
const SUBMISSIONS_PER_STEP = 500;
const ROWS_PER_STEP = 1_000;
const LOOKUPS_PER_STEP = 100;
const ROWS_PER_LOOKUP = 50;
/** Nobody goes through more of them. */
const MOST_NAMED = 50;

type Erasure = typeof erasures.$inferSelect;
type Step = Erasure["step"];

const STEPS: Step[] = ["deliveries", "submissions", "views", "leads"];

/** Requests that no task took. */
const STRAY_OUTCOMES = ["unmatched", "workflow", "refused", "malformed"] as const;

/**
 * Looks for what names erased leads outside their own tasks, until nothing is left to search, `forMs` have passed or `signal`
 * is aborted. Deleted are webhooks that belong to no task, names and messages of lists, rows of drafts and of cancelled lists,
 * and saved views, where they have what only this lead has. What may be about somebody else, or will still be sent, is left,
 * and told in the history of the erased tasks. Each step is a short transaction that locks no task, and the next one goes
 * on where the last has ended, in any process.
 *
 * @param erasureIds these alone; all that wait if not given
 */
export async function searchTraces(
  { db }: Pick<Context, "db">,
  { forMs, signal, erasureIds }: { forMs: number; signal?: AbortSignal; erasureIds?: string[] },
): Promise<{ searched: number }> {
  const endsAt = Date.now() + forMs;
  const isOver = () => Date.now() >= endsAt || signal?.aborted === true;
  let searched = 0;
  while (!isOver()) {
    const claimed = await claim(db, erasureIds);
    if (claimed.length === 0) break;
    const search = createSearch(claimed);
    // One step at least, so that each claim brings the search on.
    do {
      await runStep(db, search);
      await storeProgress(db, search);
      // This step goes through the people one by one, so those of many erasures don't go together.
      if (search.step === "leads" && claimed.length > 1 && search.people.length > LOOKUPS_PER_STEP) break;
    } while (search.step !== null && !isOver());
    if (search.step === null) searched += claimed.length;
    else await release(db, claimed);
  }
  if (searched > 0) log.info("traces_searched", { erasures: searched });
  return { searched };
}

/** Claims the oldest erasure that nobody is at, and those that are just as far. */
async function claim(db: Database, erasureIds: string[] | undefined): Promise<Erasure[]> {
  const isAmong = erasureIds ? inArray(erasures.id, erasureIds) : undefined;
  const isFree = sql`${erasures.leasedUntil} < now()`;
  const oldest = db
    .$with("oldest")
    .as(
      db
        .select({ step: erasures.step, after: erasures.after })
        .from(erasures)
        .where(and(isFree, isAmong))
        .orderBy(asc(erasures.id))
        .limit(1)
        .for("update", { skipLocked: true }),
    );
  const together = db.$with("together").as(
    db
      .select({
        id: erasures.id,
        place: sql<number>`row_number() over (order by ${erasures.id})`.as("place"),
        people: sql<number>`sum(jsonb_array_length(${erasures.people})) over (order by ${erasures.id})`.as("sum"),
      })
      .from(erasures)
      .innerJoin(
        oldest,
        and(eq(erasures.step, oldest.step), sql`${erasures.after} is not distinct from ${oldest.after}`),
      )
      .where(and(isFree, isAmong)),
  );
  const isNotTooMuch = sql`${together.place} <= ${ERASURES_TOGETHER} and ${together.people} <=
    case when ${erasures.step} = 'leads' then ${LOOKUPS_PER_STEP}::int else ${PEOPLE_TOGETHER}::int end`;
  const claimed = await db
    .with(oldest, together)
    .update(erasures)
    .set({ leasedUntil: leasedFromNow })
    .from(together)
    .where(and(eq(erasures.id, together.id), isFree, sql`(${together.place} = 1 or ${isNotTooMuch})`))
    .returning();
  return claimed.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const leasedFromNow = sql`now() + make_interval(secs => ${LEASE_IN_SECONDS})`;

async function release(db: Database, claimed: Erasure[]): Promise<void> {
  await db
    .update(erasures)
    .set({ leasedUntil: sql`now()` })
    .where(inArray(erasures.id, idsOf(claimed)));
}

type Search = ReturnType<typeof createSearch>;

function createSearch(claimed: Erasure[]) {
  const people = claimed.flatMap((erasure) => erasure.people);
  const owners = claimed.flatMap((erasure) => erasure.people.map(() => erasure));
  const search = {
    claimed,
    people,
    matcher: createMatcher(people),
    step: (claimed[0]?.step ?? null) as Step | null,
    after: claimed[0]?.after ?? null,
    /** Notes what was left, for each erasure whose people it names. */
    note(persons: Iterable<number>, named: StillNamed): void {
      for (const erasure of new Set(Array.from(persons, (person) => owners[person]))) {
        if (!erasure || erasure.found.length >= MOST_NAMED || erasure.taskIds.includes(named.id)) continue;
        const isKnown = erasure.found.some(({ id, place }) => id === named.id && place === named.place);
        if (!isKnown) erasure.found.push(named);
      }
    },
  };
  return search;
}

const RUN: Record<Step, (db: Database, search: Search) => Promise<string | null>> = {
  deliveries: searchDeliveries,
  submissions: searchSubmissions,
  views: searchViews,
  leads: searchLeads,
};

/** One step, which says how far it has come. */
async function runStep(db: Database, search: Search): Promise<void> {
  const { step } = search;
  if (step === null) return;
  search.after = await RUN[step](db, search);
  if (search.after === null) search.step = STEPS[STEPS.indexOf(step) + 1] ?? null;
}

async function storeProgress(db: Database, { claimed, step, after }: Search): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { id, found } of claimed) {
      if (found.length > 0) await tx.update(erasures).set({ found }).where(eq(erasures.id, id));
    }
    if (step !== null) {
      await tx
        .update(erasures)
        .set({ step, after, leasedUntil: leasedFromNow })
        .where(inArray(erasures.id, idsOf(claimed)));
      return;
    }
    for (const { taskIds, found } of claimed) {
      if (found.length === 0) continue;
      const added = sql`coalesce(${taskEvents.detail} -> 'stillNamed', '[]') || ${JSON.stringify(found)}::jsonb`;
      await tx
        .update(taskEvents)
        .set({ detail: sql`jsonb_set(${taskEvents.detail}, '{stillNamed}', ${added})` })
        .where(and(inArray(taskEvents.taskId, taskIds), eq(taskEvents.type, "erased")));
    }
    await tx.delete(erasures).where(inArray(erasures.id, idsOf(claimed)));
  });
}

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);

/** Webhooks that no task took, one outcome after the other: so each is found by an index. */
async function searchDeliveries(db: Database, { after, matcher }: Search): Promise<string | null> {
  const [outcome = STRAY_OUTCOMES[0], afterId] = (after?.split(":") ?? []) as [
    (typeof STRAY_OUTCOMES)[number]?,
    string?,
  ];
  const sizes = await db
    .select({ id: deliveries.id, bytes: sql<number>`octet_length(${deliveries.body})` })
    .from(deliveries)
    .where(and(eq(deliveries.outcome, outcome), afterId ? gt(deliveries.id, afterId) : undefined))
    .orderBy(asc(deliveries.id))
    .limit(DELIVERIES_PER_STEP);
  let bytes = 0;
  const step = sizes.filter((delivery, place) => {
    bytes += delivery.bytes;
    return place === 0 || bytes <= BYTES_PER_STEP;
  });
  const bodies =
    step.length === 0
      ? []
      : await db
          .select({ id: deliveries.id, body: deliveries.body })
          .from(deliveries)
          .where(and(inArray(deliveries.id, idsOf(step)), isNull(deliveries.taskId), sql`${deliveries.body} <> ''`));
  for (const { id, body } of bodies) {
    const left = withoutPeople(body, matcher);
    if (left === null) continue;
    await db
      .update(deliveries)
      .set({ headers: {}, body: left, bodySha256: null })
      // Somebody may have attached it to a task meanwhile.
      .where(and(eq(deliveries.id, id), isNull(deliveries.taskId)));
  }
  if (step.length < sizes.length || sizes.length === DELIVERIES_PER_STEP) return `${outcome}:${step.at(-1)?.id}`;
  const next = STRAY_OUTCOMES[STRAY_OUTCOMES.indexOf(outcome) + 1];
  return next ? `${next}:` : null;
}

/**
 * A body without what is certainly about one of the people; null where nothing is. Of many results together the others stay
 * in their places, by which they belong to their leads.
 */
function withoutPeople(body: Uint8Array, matcher: PersonMatcher): Uint8Array | null {
  const text = new TextDecoder().decode(body);
  const isAbout = (json: string) => {
    const { values, rest } = textsOfBody(json);
    return matcher.isAbout(values) || matcher.mentions(rest).certain.size > 0;
  };
  if (!isAbout(text)) return null;
  const parsed = parseJson(text);
  const key = (["result", "results"] as const).find((name) => Array.isArray(parsed?.[name]));
  const entries = key ? (parsed?.[key] as unknown[]) : [];
  if (!key || entries.length < 2) return new Uint8Array();
  if (isAbout(JSON.stringify({ ...parsed, [key]: null }))) return new Uint8Array();
  const kept = entries.map((entry) => (isAbout(JSON.stringify(entry) ?? "") ? null : entry));
  if (kept.every((entry, place) => entry === entries[place])) return null;
  return Buffer.from(JSON.stringify({ ...parsed, [key]: kept }));
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const parsed = JSON.parse(text);
    return typeof parsed === "object" ? parsed : null;
  } catch {
    return null;
  }
}

const submissionTexts = {
  id: submissions.id,
  name: submissions.name,
  pauseMessage: submissions.pauseMessage,
  options: submissions.options,
  columns: submissions.columns,
  confirmedAt: submissions.confirmedAt,
  preparedAt: submissions.preparedAt,
  cancelledAt: submissions.cancelledAt,
};
type SubmissionTexts = Pick<typeof submissions.$inferSelect, keyof typeof submissionTexts>;

const hasNoTask = and(isNull(leads.taskId), isNull(leads.reusedLeadId));

/**
 * The texts of all submissions, and the rows of those that are drafts or were cancelled: rows without a task are nobody
 * else's to erase.
 */
async function searchSubmissions(db: Database, search: Search): Promise<string | null> {
  const [afterId, afterRow] = search.after?.split(":") ?? [];
  if (afterId && afterRow) {
    const row = await searchRows(db, search, afterId, Number(afterRow));
    return row === null ? afterId : `${afterId}:${row}`;
  }
  // In words of its own: in a select of one table, columns of the builder lose their table's name.
  const holdsRows = sql<boolean>`((submissions.confirmed_at is null or submissions.cancelled_at is not null)
    and exists (select from leads where leads.submission_id = submissions.id
      and leads.task_id is null and leads.reused_lead_id is null))`;
  const page = await db
    .select({ ...submissionTexts, holdsRows })
    .from(submissions)
    .where(afterId ? gt(submissions.id, afterId) : undefined)
    .orderBy(asc(submissions.id))
    .limit(SUBMISSIONS_PER_STEP);
  for (const submission of page) {
    await searchTexts(db, search, submission);
    if (submission.holdsRows) return `${submission.id}:-1`;
  }
  return page.length < SUBMISSIONS_PER_STEP ? null : (page.at(-1)?.id ?? null);
}

async function searchTexts(db: Database, search: Search, submission: SubmissionTexts): Promise<void> {
  const { set, left } = readTexts(submission, search.matcher);
  for (const { persons, place } of left) search.note(persons, { type: "submission", id: submission.id, place });
  if (Object.keys(set).length === 0) return;
  await db.transaction(async (tx) => {
    const isIt = eq(submissions.id, submission.id);
    const [now] = await tx.select(submissionTexts).from(submissions).where(isIt).for("update");
    if (!now) return;
    const { options, ...others } = readTexts(now, search.matcher).set;
    const mayChange = options !== undefined && (await hasNothingToSend(tx, now));
    if (options !== undefined && !mayChange) {
      const { certain } = search.matcher.mentions(textsWithin(now.options).join(GAP));
      search.note(certain, { type: "submission", id: now.id, place: "options" });
    }
    const changes = mayChange ? { ...others, options } : others;
    if (Object.keys(changes).length > 0) await tx.update(submissions).set(changes).where(isIt);
  });
}

type Texts = Partial<Pick<SubmissionTexts, "name" | "pauseMessage" | "options" | "columns">>;

/** The texts of a submission without what is certainly about one of the people, and what is left. */
function readTexts({ name, pauseMessage, options, columns }: SubmissionTexts, { mentions }: PersonMatcher) {
  const set: Texts = {};
  const left: { persons: Set<number>; place: StillNamed["place"] }[] = [];
  const read = (text: string, place: StillNamed["place"], erase: () => Texts | null) => {
    const { certain, possible } = mentions(text);
    const erased = certain.size > 0 ? erase() : null;
    if (erased) Object.assign(set, erased);
    const persons = erased ? possible : new Set([...certain, ...possible]);
    if (persons.size > 0) left.push({ persons, place });
  };
  read(name, "name", () => ({ name: "" }));
  read(pauseMessage ?? "", "message", () => ({ pauseMessage: null }));
  read((columns ?? []).join(GAP), "columns", () => {
    // Headers such as "Full name" and "Company" are a lead of somebody who submitted the first row of a list.
    const isHeader = (column: string) => mentions(column).keyed.size === 0;
    if (!columns || columns.every(isHeader)) return null;
    return { columns: columns.map((column) => (isHeader(column) ? column : "")) };
  });
  read(textsWithin(options).join(GAP), "options", () => ({ options: withoutMentions(options, mentions) }));
  return { set, left };
}

/** The same value with each text emptied that names one of the people. */
function withoutMentions<Value>(value: Value, mentions: PersonMatcher["mentions"]): Value {
  const empty = (given: unknown): unknown => {
    if (typeof given === "string") {
      const { certain, possible } = mentions(given);
      return certain.size + possible.size > 0 ? "" : given;
    }
    if (Array.isArray(given)) return given.map(empty);
    if (typeof given !== "object" || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, part]) => [key, empty(part)]));
  };
  return empty(value) as Value;
}

/** Its options are part of what is sent, now or when its failed leads are submitted again: then they stay as they are. */
async function hasNothingToSend(tx: Transaction, submission: SubmissionTexts): Promise<boolean> {
  const isOver = submission.cancelledAt !== null || (submission.confirmedAt !== null && submission.preparedAt !== null);
  if (!isOver) return false;
  return (await tx.$count(tasks, and(eq(tasks.submissionId, submission.id), isNull(tasks.erasedAt)))) === 0;
}

/**
 * The next rows without a task. Rows of a draft that are the lead itself are removed whole, since an empty one must never be
 * sent; those of a cancelled list stay in their places, empty.
 *
 * @returns the last row that was looked at; null where there are no more
 */
async function searchRows(
  db: Database,
  search: Search,
  submissionId: string,
  afterRow: number,
): Promise<number | null> {
  const rows = await db
    .select({ id: leads.id, row: leads.row, fields: leads.fields, cells: leads.cells })
    .from(leads)
    .where(and(eq(leads.submissionId, submissionId), gt(leads.row, afterRow), hasNoTask))
    .orderBy(asc(leads.row))
    .limit(ROWS_PER_STEP);
  const same = new Map<string, Set<number>>();
  const named: StillNamed = { type: "submission", id: submissionId, place: "leads" };
  for (const { id, fields, cells } of rows) {
    const person = personOf(fields);
    const persons = person ? search.matcher.sameAs(person) : new Set<number>();
    if (persons.size > 0) same.set(id, persons);
    const { certain, possible } = search.matcher.mentions([...textsWithin(fields), ...(cells ?? [])].join(GAP));
    if (persons.size === 0) search.note([...certain, ...possible], named);
  }
  if (same.size > 0 && !(await eraseRows(db, submissionId, [...same.keys()]))) {
    for (const persons of same.values()) search.note(persons, named);
  }
  return rows.length < ROWS_PER_STEP ? null : (rows.at(-1)?.row ?? null);
}

/** @returns false where the draft was confirmed meanwhile: what is paid for is not taken out of it */
async function eraseRows(db: Database, submissionId: string, ids: string[]): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [submission] = await tx.select().from(submissions).where(eq(submissions.id, submissionId)).for("update");
    if (!submission) return true;
    const which = and(inArray(leads.id, ids), hasNoTask);
    if (submission.cancelledAt) {
      await tx.update(leads).set({ fields: {}, cells: null, fingerprint: null }).where(which);
      return true;
    }
    if (submission.confirmedAt) return false;
    await tx.delete(leads).where(which);
    const leadCount = await tx.$count(leads, eq(leads.submissionId, submissionId));
    await tx.update(submissions).set({ leadCount }).where(eq(submissions.id, submissionId));
    return true;
  });
}

/** Saved views and output templates, which everybody shares. A template is never changed: it is part of what is sent. */
async function searchViews(db: Database, search: Search): Promise<null> {
  for (const { id, name, query } of await db.select().from(savedViews)) {
    const texts = [name, ...new URLSearchParams(query).values()];
    const { certain, keyed, possible } = search.matcher.mentions(texts.join(GAP));
    const isOnlyThat = keyed.size > 0 || search.matcher.isNothingElse(new URLSearchParams(query).get("q") ?? "");
    if (isOnlyThat) await db.delete(savedViews).where(eq(savedViews.id, id));
    else search.note([...certain, ...possible], { type: "view", id, place: "filter" });
  }
  for (const { id, name, fields } of await db.select().from(outputTemplates)) {
    const { certain, possible } = search.matcher.mentions([name, ...textsWithin(fields)].join(GAP));
    search.note([...certain, ...possible], { type: "template", id, place: "fields" });
  }
  return null;
}

/** Other tasks of the same leads, and confirmed lists that have them: found by the index, told and left alone. */
async function searchLeads(db: Database, search: Search): Promise<string | null> {
  const from = Number(search.after ?? 0);
  if (from === 0 && search.people.length > LOOKUPS_PER_STEP) await tidyIndex(db);
  const next = search.people.slice(from, from + LOOKUPS_PER_STEP);
  const lookups = next.flatMap((person) => lookupOf(person) ?? []);
  if (lookups.length > 0) {
    const parts = lookups.map(
      (query) =>
        sql`(select ${leads.id} from ${leads} where ${leadSearch} @@ to_tsquery('simple', ${query}) limit ${ROWS_PER_LOOKUP})`,
    );
    const found = await db.transaction(async (tx) => {
      // A common word makes the planner read all leads, which is slower by far.
      await tx.execute(sql`set local enable_seqscan = off`);
      return tx
        .select({
          submissionId: leads.submissionId,
          taskId: leads.taskId,
          fields: leads.fields,
          isErased: sql<boolean>`${tasks.erasedAt} is not null`,
        })
        .from(leads)
        .leftJoin(tasks, eq(tasks.id, leads.taskId))
        .where(sql`${leads.id} = any(array(${sql.join(parts, sql` union `)}))`);
    });
    for (const { submissionId, taskId, fields, isErased } of found) {
      const person = personOf(fields);
      if (!person || isErased) continue;
      const named = taskId
        ? ({ type: "task", id: taskId } as const)
        : ({ type: "submission", id: submissionId } as const);
      search.note(search.matcher.sameAs(person), { ...named, place: "leads" });
    }
  }
  const isFull = search.claimed.every(({ found }) => found.length >= MOST_NAMED);
  return from + LOOKUPS_PER_STEP < search.people.length && !isFull ? String(from + LOOKUPS_PER_STEP) : null;
}

/** What was written lately is in no order yet, and would be read whole by each of the many lookups. */
async function tidyIndex(db: Database): Promise<void> {
  try {
    await db.execute(sql`select gin_clean_pending_list('leads_search')`);
  } catch (error) {
    // A role that does not own the index may not; then it takes longer.
    log.error("index_not_tidied", error);
  }
}

/** A query of the index for rows that have a key of the person, or a name of theirs and a further value. */
function lookupOf({ names, others, lookups }: Person): string | null {
  const all = (text: string) => {
    const words = wordsOf(text).map((word) => `'${word}'`);
    return words.length > 0 ? `(${words.join(" & ")})` : null;
  };
  const any = (texts: string[]) => texts.flatMap((text) => all(text) ?? []).join(" | ");
  const [named, further, keyed] = [any(names), any(others), any(lookups)];
  const parts = [keyed, named && further ? `((${named}) & (${further}))` : ""].filter(Boolean);
  return parts.length > 0 ? parts.join(" | ") : null;
}
