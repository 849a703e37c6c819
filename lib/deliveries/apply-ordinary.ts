import { and, eq, notExists, type SQL, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { givenRow, givenRows } from "@/db/given-rows";
import { newId } from "@/db/new-id";
import { deliveries, sends, taskEvents, tasks } from "@/db/schema";
import { selectRow } from "@/db/select-row";
import { deliveryEvent, oddities } from "@/lib/deliveries/apply";
import { ofReusedEventId } from "@/lib/deliveries/event-id-reuse";
import { inGroups } from "@/lib/in-groups";
import type { SixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import { columnsOfEnded, END_TYPES, endedEvent, endValues, settleStatement, traceEnd } from "@/lib/tasks/settle";
import { readCostInCents, readTaskEnd } from "@/lib/tasks/task-end";

/**
 * So many deliveries go together at most, and so many of their bytes: what one statement holds in memory, and how much is
 * asked for again where it fails.
 */
const MOST_TOGETHER = 16;
const MOST_BYTES_TOGETHER = 500_000;
/** While one statement is stored, the next is made up. */
const STATEMENTS_AT_ONCE = 2;
/** A statement takes milliseconds. One that takes so long must not hold up the door. */
const PATIENCE_MS = 1_000;

/** What the log keeps of a request; null where it has no such thing. */
const KEPT = [
  "receivedAt",
  "sixtyfourTaskId",
  "eventId",
  "eventType",
  "attempt",
  "status",
  "taskType",
  "signature",
  "signatureCount",
  "signatureAgeSeconds",
  "handledMs",
  "headers",
  "body",
  "bodyBytes",
  "bodySha256",
] as const satisfies (keyof typeof deliveries.$inferInsert)[];
type NewDelivery = Required<Pick<typeof deliveries.$inferInsert, (typeof KEPT)[number]>>;

type KeptTypes = { [Name in (typeof KEPT)[number] as `kept.${Name}`]: string };
const KEPT_TYPES = Object.fromEntries(KEPT.map((name) => [`kept.${name}`, deliveries[name].getSQLType()])) as KeptTypes;

/** What the statement is given of each delivery. */
const GIVEN_TYPES = {
  ...KEPT_TYPES,
  ...END_TYPES,
  "given.deliveryId": "uuid",
  "given.tokenHash": "bytea",
  "given.deliveryEventId": "uuid",
  "given.deliveryDetail": "jsonb",
  "given.endedEventId": "uuid",
  "given.endedDetail": "jsonb",
} as const;

/**
 * Stores and applies a delivery in two round trips, where nothing is out of the ordinary: it brings the end of a running
 * task, by that task's own token or by a valid signature alone, with nothing odd about it. Anything else changes nothing
 * here and is left to the transaction. The first round trip reads what the task asked for, which decides what counts as
 * found. The second stores: what comes while others are being stored goes together in the next statement, so that many at
 * once cost little more than one.
 *
 * Row locks decide races. A task that somebody else has just locked is left to the transaction, too: no delivery waits
 * for another one's task.
 *
 * @returns what was stored and applied, and the span that its task was sent in; null where nothing was
 */
export async function applyOrdinaryDelivery(
  db: Database,
  input: { event: SixtyfourWebhookEvent; tokenHash: Buffer | null; isSigned: boolean; delivery: NewDelivery },
): Promise<{ deliveryId: string; taskId: string; traceparent: string | null } | null> {
  const { event, tokenHash, isSigned, delivery } = input;
  const end = readTaskEnd(event);
  if (end === null || !delivery.sixtyfourTaskId || !(tokenHash || isSigned)) return null;
  const { findRunning, store } = statementsOf(db);
  const [asked] = await findRunning.execute({ sixtyfourTaskId: delivery.sixtyfourTaskId, tokenHash });
  // A file brings only the news of its end, and goes the longer way.
  if (!asked || asked.shape === "file" || oddities(event, asked, true).length > 0) return null;

  const deliveryId = newId();
  const { attempt } = delivery;
  const brought = {
    asked,
    end,
    courier: { via: "webhook", deliveryId, attempt },
    sixtyfourStatus: event.status,
    chargedCents: readCostInCents(event.result),
  } as const;
  const row = givenRow({
    ...Object.fromEntries(KEPT.map((name) => [`kept.${name}`, delivery[name]])),
    ...endValues(brought),
    "given.deliveryId": deliveryId,
    "given.tokenHash": tokenHash,
    "given.deliveryEventId": newId(),
    "given.deliveryDetail": deliveryEvent({ deliveryId, outcome: "applied", attempt, flags: [] }).detail,
    "given.endedEventId": newId(),
    "given.endedDetail": endedEvent(brought).detail,
  });
  const task = await store({ deliveryId, json: JSON.stringify(row) });
  if (!task) return null;
  traceEnd(task, brought);
  return { deliveryId, taskId: task.id, traceparent: task.traceparent };
}

type Statements = ReturnType<typeof prepareStatements>;
const statements = new WeakMap<Database, Statements>();

/** Made once for a pool: to build a statement costs more than to run it. */
function statementsOf(db: Database): Statements {
  const made = statements.get(db) ?? prepareStatements(db);
  statements.set(db, made);
  return made;
}

function prepareStatements(db: Database) {
  return { findRunning: prepareFind(db), store: prepareStore(db) };
}

/** The running task that a delivery is about: by its task_id and, where it bears a token, by that too. */
function prepareFind(db: Database) {
  const tokenHash = sql.placeholder("tokenHash");
  return db
    .select({ kind: tasks.kind, shape: tasks.shape, leadCount: tasks.leadCount, request: tasks.request })
    .from(sends)
    .innerJoin(tasks, eq(tasks.id, sends.taskId))
    .where(
      and(
        eq(sends.sixtyfourTaskId, sql.placeholder("sixtyfourTaskId")),
        sql`(${tokenHash}::bytea is null or ${sends.tokenHash} = ${tokenHash}::bytea)`,
        eq(tasks.status, "running"),
      ),
    )
    .prepare("find_running_task");
}

function prepareStore(db: Database) {
  const statement = prepareStatement(db);
  const store = async (rows: { deliveryId: string; json: string }[]) => {
    const stored = await statement.execute({ rows: `[${rows.map(({ json }) => json).join()}]` });
    return rows.map(({ deliveryId }) => stored.find((one) => one.deliveryId === deliveryId) ?? null);
  };
  return inGroups(store, {
    atOnce: STATEMENTS_AT_ONCE,
    patienceMs: PATIENCE_MS,
    most: MOST_TOGETHER,
    mostSize: MOST_BYTES_TOGETHER,
    sizeOf: ({ json }) => json.length,
  });
}

function prepareStatement(db: Database) {
  const given = givenRows(db, GIVEN_TYPES, { json: sql.placeholder("rows"), most: MOST_TOGETHER });
  const reused = db
    .select()
    .from(deliveries)
    .where(ofReusedEventId({ eventId: sql`${given["kept.eventId"]}`, bodySha256: sql`${given["kept.bodySha256"]}` }));
  const isOwner = and(
    eq(sends.sixtyfourTaskId, given["kept.sixtyfourTaskId"]),
    sql`(${given["given.tokenHash"]} is null or ${sends.tokenHash} = ${given["given.tokenHash"]})`,
  );
  const isOrdinary = and(eq(tasks.status, "running"), notExists(reused));
  const found = db.$with("found").as(
    db
      .select({ ...given._.selectedFields, taskId: sql<string>`${tasks.id}`.as("taskId") })
      .from(given)
      .innerJoin(sends, isOwner)
      .innerJoin(tasks, eq(tasks.id, sends.taskId))
      .where(isOrdinary)
      .for("no key update", { of: tasks, skipLocked: true }),
  );
  const ended = db.$with("ended").as(
    settleStatement(db, found, eq(tasks.id, found.taskId)).returning({
      ...given._.selectedFields,
      ...columnsOfEnded,
    }),
  );
  const row = {
    ...(Object.fromEntries(KEPT.map((name) => [name, ended[`kept.${name}`]])) as Record<
      (typeof KEPT)[number],
      SQL.Aliased
    >),
    id: ended["given.deliveryId"],
    taskId: ended.id,
    token: sql`case when ${ended["given.tokenHash"]} is null then 'none' else 'right' end`,
    outcome: "applied" as const,
    flags: [],
    answer: 200,
  };
  const stored = db.$with("stored").as(db.insert(deliveries).select(selectRow(deliveries, row, ended)));
  const events = (["delivery", "ended"] as const).map((type) =>
    selectRow(
      taskEvents,
      {
        type,
        id: ended[`given.${type}EventId`],
        detail: ended[`given.${type}Detail`],
        deliveryId: ended["given.deliveryId"],
        taskId: ended.id,
        at: sql`now()`,
      },
      ended,
    ),
  );
  const history = db.$with("history").as(db.insert(taskEvents).select(sql.join(events, sql` union all `)));
  const { id, kind, submittedAt, traceparent } = ended;
  return db
    .with(given, found, ended, stored, history)
    .select({ deliveryId: sql<string>`${ended["given.deliveryId"]}`, id, kind, submittedAt, traceparent })
    .from(ended)
    .prepare("apply_ordinary_deliveries");
}
