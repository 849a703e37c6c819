import { and, eq, inArray, notExists, type Placeholder, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "@/db/client";
import { deliveries, sends, taskEvents, tasks } from "@/db/schema";
import { selectRow } from "@/db/select-row";
import { deliveryEvent, oddities } from "@/lib/deliveries/apply";
import { ofReusedEventId } from "@/lib/deliveries/event-id-reuse";
import { TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";
import type { SixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import { endedEvent, endValues, settleStatement, traceEnd } from "@/lib/tasks/settle";
import { readCostInCents, readTaskEnd } from "@/lib/tasks/task-end";

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

/**
 * Stores and applies a delivery in one round trip, where nothing is out of the ordinary: it brings the end of a running
 * task, by that task's own token or by a valid signature alone, with nothing odd about it. Anything else changes
 * nothing here and is left to the transaction, which takes its time.
 *
 * The row lock of the update decides races: what waited for it finds the task ended and is none of the ordinary any more.
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
  const isUsual = (kind: string) => oddities(event, { kind, shape: "single" }, end !== null).length === 0;
  const kinds = TASK_KIND_IDS.filter(isUsual);
  if (!end || kinds.length === 0 || !delivery.sixtyfourTaskId || !(tokenHash || isSigned)) return null;

  const deliveryId = uuidv7();
  const { attempt } = delivery;
  const brought = {
    end,
    courier: { via: "webhook", deliveryId, attempt },
    sixtyfourStatus: event.status,
    chargedCents: readCostInCents(event.result),
  } as const;
  const [task] = await statementOf(db).execute({
    ...named("end", endValues(brought)),
    ...named("kept", delivery),
    kinds: kinds.join(),
    deliveryId,
    tokenHash,
    token: tokenHash ? "right" : "none",
    deliveryEventId: uuidv7(),
    deliveryDetail: deliveryEvent({ deliveryId, outcome: "applied", attempt, flags: [] }).detail,
    endedEventId: uuidv7(),
    endedDetail: endedEvent(brought).detail,
  });
  if (!task) return null;
  traceEnd(task, brought);
  return { deliveryId, taskId: task.id, traceparent: task.traceparent };
}

const statements = new WeakMap<Database, ReturnType<typeof prepareStatement>>();

/** Built once for a pool: to build it costs more than to run it. */
function statementOf(db: Database): ReturnType<typeof prepareStatement> {
  const statement = statements.get(db) ?? prepareStatement(db);
  statements.set(db, statement);
  return statement;
}

function prepareStatement(db: Database) {
  const given = (name: string) => sql`${sql.placeholder(name)}`;
  const owner = db
    .select({ taskId: sends.taskId })
    .from(sends)
    .where(
      and(
        sql`${sends.sixtyfourTaskId} = ${given("kept.sixtyfourTaskId")}`,
        sql`(${given("tokenHash")}::bytea is null or ${sends.tokenHash} = ${given("tokenHash")})`,
      ),
    );
  const reused = db
    .select()
    .from(deliveries)
    .where(ofReusedEventId({ eventId: given("kept.eventId"), bodySha256: given("kept.bodySha256") }));
  const isOrdinary = and(
    inArray(tasks.id, owner),
    eq(tasks.status, "running"),
    sql`${tasks.kind} = any(string_to_array(${given("kinds")}, ','))`,
    notExists(reused),
  );
  const ended = db.$with("ended").as(settleStatement(db, (name) => given(`end.${name}`), isOrdinary));
  const kept = KEPT.map((name) => [name, sql.placeholder(`kept.${name}`)]);
  const row = {
    ...(Object.fromEntries(kept) as Record<(typeof KEPT)[number], Placeholder>),
    id: sql.placeholder("deliveryId"),
    taskId: ended.id,
    token: sql.placeholder("token"),
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
        id: sql.placeholder(`${type}EventId`),
        detail: sql.placeholder(`${type}Detail`),
        deliveryId: sql.placeholder("deliveryId"),
        taskId: ended.id,
        at: sql`now()`,
      },
      ended,
    ),
  );
  const history = db.$with("history").as(db.insert(taskEvents).select(sql.join(events, sql` union all `)));
  return db.with(ended, stored, history).select().from(ended).prepare("apply_ordinary_delivery");
}

/** Values under the names of their placeholders. */
function named(prefix: string, values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}
