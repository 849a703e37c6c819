import { and, eq, notExists, type SQL, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { givenRow, givenRows } from "@/db/given-rows";
import { newId } from "@/db/new-id";
import { deliveries, sends, taskEvents, tasks } from "@/db/schema";
import { selectRow } from "@/db/select-row";
import { deliveryEvent, isTaskTypeOf, oddities } from "@/lib/deliveries/apply";
import { ofReusedEventId } from "@/lib/deliveries/event-id-reuse";
import { inGroups } from "@/lib/in-groups";
import { TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";
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
  "given.kinds": "text[]",
  "given.tokenHash": "bytea",
  "given.deliveryEventId": "uuid",
  "given.deliveryDetail": "jsonb",
  "given.endedEventId": "uuid",
  "given.endedDetail": "jsonb",
} as const;

/**
 * Stores and applies a delivery in one round trip, where nothing is out of the ordinary: it brings the end of a running
 * task, by that task's own token or by a valid signature alone, with nothing odd about it. Anything else changes
 * nothing here and is left to the transaction, which takes its time. What comes while others are being stored goes with
 * others in the next statement, so that many at once cost little more than one.
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
  // Whether one in a request or many makes no difference; a file comes once in a while, and may take its time.
  const kinds = TASK_KIND_IDS.filter((kind) => isTaskTypeOf({ kind, shape: "single" }, event));
  const [kind] = kinds;
  const isUsual = end !== null && kind !== undefined && oddities(event, { kind, shape: "single" }, true).length === 0;
  if (!isUsual || !delivery.sixtyfourTaskId || !(tokenHash || isSigned)) return null;

  const deliveryId = newId();
  const { attempt } = delivery;
  const brought = {
    end,
    courier: { via: "webhook", deliveryId, attempt },
    sixtyfourStatus: event.status,
    chargedCents: readCostInCents(event.result),
  } as const;
  const row = givenRow({
    ...Object.fromEntries(KEPT.map((name) => [`kept.${name}`, delivery[name]])),
    ...endValues(brought),
    "given.deliveryId": deliveryId,
    "given.kinds": kinds,
    "given.tokenHash": tokenHash,
    "given.deliveryEventId": newId(),
    "given.deliveryDetail": deliveryEvent({ deliveryId, outcome: "applied", attempt, flags: [] }).detail,
    "given.endedEventId": newId(),
    "given.endedDetail": endedEvent(brought).detail,
  });
  const task = await storeOf(db)({ deliveryId, json: JSON.stringify(row) });
  if (!task) return null;
  traceEnd(task, brought);
  return { deliveryId, taskId: task.id, traceparent: task.traceparent };
}

type Store = ReturnType<typeof prepareStore>;
const stores = new WeakMap<Database, Store>();

/** Made once for a pool: to build the statement costs more than to run it. */
function storeOf(db: Database): Store {
  const store = stores.get(db) ?? prepareStore(db);
  stores.set(db, store);
  return store;
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
  const isOrdinary = and(
    eq(tasks.status, "running"),
    sql`${tasks.kind} = any(${given["given.kinds"]})`,
    notExists(reused),
  );
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
