import { and, asc, eq, gt, gte, lt } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { deliveries } from "@/db/schema";
import type { Context } from "@/lib/context";
import { type DeliveryOutcome, isReplayable } from "@/lib/deliveries/delivery-view";
import { AppError } from "@/lib/errors";
import { replayDelivery } from "@/lib/pipeline/replay";

const PAGE = 200;

/** What came of some deliveries of a span: their outcome in the log before, what the replay came to, and how many. */
export interface Replayed {
  was: DeliveryOutcome;
  /** An outcome, or in a sentence why it was not replayed. */
  came: string;
  deliveries: number;
}

/**
 * Replays the deliveries that were received from `from` on and before `to`, one after the other and in their order, each as
 * {@link replayDelivery} does. It may be cut off and made again: what has ended its task is a duplicate then.
 *
 * @param outcome only those with this outcome
 */
export async function replaySpan(
  context: Context,
  { from, to, outcome }: { from: Date; to: Date; outcome?: DeliveryOutcome | undefined },
): Promise<Replayed[]> {
  const counts = new Map<string, Replayed>();
  let cursor = firstIdAt(from.getTime());
  while (true) {
    const page = await context.db
      .select({ id: deliveries.id, outcome: deliveries.outcome })
      .from(deliveries)
      .where(
        and(
          gt(deliveries.id, cursor),
          gte(deliveries.receivedAt, from),
          lt(deliveries.receivedAt, to),
          outcome && eq(deliveries.outcome, outcome),
        ),
      )
      .orderBy(asc(deliveries.id))
      .limit(PAGE);
    for (const delivery of page) {
      const came = await replayOne(context, delivery);
      const key = `${delivery.outcome} ${came}`;
      const counted = counts.get(key) ?? { was: delivery.outcome, came, deliveries: 0 };
      counts.set(key, { ...counted, deliveries: counted.deliveries + 1 });
    }
    const last = page.at(-1);
    if (!last) return [...counts.values()].sort((a, b) => b.deliveries - a.deliveries);
    cursor = last.id;
  }
}

/** @throws what is no expected refusal: the rest would most likely meet it as well */
async function replayOne(context: Context, delivery: { id: string; outcome: DeliveryOutcome }): Promise<string> {
  // Each of them has a sentence of its own in the dashboard; here it would be the same one over and over.
  if (!isReplayable(delivery)) return "left as it is";
  try {
    return (await replayDelivery(context, { deliveryId: delivery.id })).outcome;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
