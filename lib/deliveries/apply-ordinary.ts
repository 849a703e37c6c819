import { and, eq, inArray, notExists, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "@/db/client";
import { deliveries, sends, taskEvents, tasks } from "@/db/schema";
import { selectRow } from "@/db/select-row";
import { deliveryEvent, oddities } from "@/lib/deliveries/apply";
import { ofReusedEventId } from "@/lib/deliveries/event-id-reuse";
import { TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";
import type { SixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import { endedEvent, settleStatement, traceEnd } from "@/lib/tasks/settle";
import { readCostInCents, readTaskEnd } from "@/lib/tasks/task-end";

type NewDelivery = Omit<typeof deliveries.$inferInsert, "id" | "taskId" | "outcome" | "flags" | "answer" | "token">;

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
  const { sixtyfourTaskId, eventId, bodySha256 } = delivery;
  if (!end || kinds.length === 0 || !sixtyfourTaskId || !bodySha256 || !(tokenHash || isSigned)) return null;

  const deliveryId = uuidv7();
  const attempt = delivery.attempt ?? null;
  const brought = {
    end,
    courier: { via: "webhook", deliveryId, attempt },
    sixtyfourStatus: event.status,
    chargedCents: readCostInCents(event.result),
  } as const;
  const owner = db
    .select({ taskId: sends.taskId })
    .from(sends)
    .where(and(eq(sends.sixtyfourTaskId, sixtyfourTaskId), tokenHash ? eq(sends.tokenHash, tokenHash) : undefined));
  const reused = eventId ? db.select().from(deliveries).where(ofReusedEventId({ eventId, bodySha256 })) : undefined;
  const isOrdinary = and(
    inArray(tasks.id, owner),
    eq(tasks.status, "running"),
    inArray(tasks.kind, kinds),
    reused && notExists(reused),
  );
  const ended = db.$with("ended").as(settleStatement(db, brought, isOrdinary));
  const row = {
    ...delivery,
    id: deliveryId,
    taskId: ended.id,
    token: tokenHash ? ("right" as const) : ("none" as const),
    outcome: "applied" as const,
    flags: [],
    answer: 200,
  };
  const stored = db.$with("stored").as(db.insert(deliveries).select(selectRow(deliveries, row, ended)));
  const events = [deliveryEvent({ deliveryId, outcome: "applied", attempt, flags: [] }), endedEvent(brought)].map(
    (entry) => selectRow(taskEvents, { ...entry, id: uuidv7(), taskId: ended.id, at: sql`now()` }, ended),
  );
  const history = db.$with("history").as(db.insert(taskEvents).select(sql.join(events, sql` union all `)));
  // Prepared, or the driver would ask for the types of the parameters first.
  const [task] = await db
    .with(ended, stored, history)
    .select()
    .from(ended)
    .prepare("apply_ordinary_delivery")
    .execute();
  if (!task) return null;
  traceEnd(task, brought);
  return { deliveryId, taskId: task.id, traceparent: task.traceparent };
}
