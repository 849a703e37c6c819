import { and, desc, eq, gte, lt } from "drizzle-orm";
import { z } from "zod";
import { firstIdAt } from "@/db/first-id-at";
import { deliveries, leads, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import {
  DELIVERY_OUTCOMES,
  DELIVERY_PERIODS,
  type DeliveryFilter,
  type DeliveryPage,
  type DeliveryPeriod,
} from "@/lib/deliveries/delivery-view";
import { deliveryColumns, leadOfDelivery, taskOfDelivery, toDeliveryView } from "@/lib/deliveries/read-delivery";
import { AppError } from "@/lib/errors";
import { isUsableMoment } from "@/lib/moment-range";

const DAY_IN_MS = 86_400_000;

/** Far longer than handling a request takes, whatever clocks say. */
const STORED_WITHIN_IN_MS = 3_600_000;

const PERIODS_IN_MS: Record<Exclude<DeliveryPeriod, "any">, number> = {
  hour: 3_600_000,
  day: DAY_IN_MS,
  week: 7 * DAY_IN_MS,
};

const moment = (name: string) =>
  z
    .union(
      [z.iso.date(), z.iso.datetime({ offset: true, local: true })],
      `“${name}” must be a date or an ISO 8601 time.`,
    )
    .refine(
      (text) => isUsableMoment(readMoment(text).getTime()),
      `“${name}” must be a date or an ISO 8601 time from 1970 on.`,
    )
    .optional();

const listInput = z.object({
  cursor: z.uuid("The cursor must be a nextCursor of an earlier page.").optional(),
  limit: z.coerce.number("The limit must be a number.").int().min(1).max(200).default(50),
  outcome: z.enum(DELIVERY_OUTCOMES, `The outcome must be one of ${DELIVERY_OUTCOMES.join(", ")}.`).optional(),
  within: z.enum(DELIVERY_PERIODS, `“within” must be one of ${DELIVERY_PERIODS.join(", ")}.`).optional(),
  from: moment("from"),
  to: moment("to"),
});

/**
 * A page of the log of deliveries, newest first and without bodies. The cursor is the last id of the page before: pages
 * neither skip nor repeat a delivery, whatever arrives in between.
 *
 * @throws AppError `invalid_input`
 */
export async function listDeliveries(
  { db }: Context,
  input: DeliveryFilter & { cursor?: string | undefined; limit?: string | number | undefined },
): Promise<DeliveryPage> {
  // A form that is sent without JavaScript names every field, filled or not.
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== ""));
  const parsed = listInput.safeParse(given);
  if (!parsed.success) throw new AppError("invalid_input", parsed.error.issues.map((issue) => issue.message).join(" "));
  const { cursor, limit, outcome } = parsed.data;
  const { from, before } = readSpan(parsed.data, Date.now());
  const rows = await db
    .select({ delivery: deliveryColumns, lead: leads.fields, erasedAt: tasks.erasedAt })
    .from(deliveries)
    .leftJoin(leads, leadOfDelivery)
    .leftJoin(tasks, taskOfDelivery)
    .where(
      and(
        cursor ? lt(deliveries.id, cursor) : undefined,
        outcome ? eq(deliveries.outcome, outcome) : undefined,
        // The id is made after the request came in, and soon after, so it bounds the scan; the time itself decides.
        from ? and(gte(deliveries.receivedAt, from), gte(deliveries.id, firstIdAt(from.getTime()))) : undefined,
        before
          ? and(lt(deliveries.receivedAt, before), lt(deliveries.id, firstIdAt(before.getTime() + STORED_WITHIN_IN_MS)))
          : undefined,
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    deliveries: page.map(toDeliveryView),
    nextCursor: rows.length > limit ? (page.at(-1)?.delivery.id ?? null) : null,
  };
}

function readSpan(
  { within, from, to }: z.infer<typeof listInput>,
  nowInMs: number,
): { from: Date | null; before: Date | null } {
  if (within === "any") return { from: null, before: null };
  if (within) return { from: new Date(nowInMs - PERIODS_IN_MS[within]), before: null };
  const end = to ? readMoment(to) : null;
  return {
    from: from ? readMoment(from) : null,
    before: end && isDate(to) ? new Date(end.getTime() + DAY_IN_MS) : end,
  };
}

/** A time that names no zone is UTC, as a date is: the server's own zone is nobody's business. */
function readMoment(text: string): Date {
  return new Date(isDate(text) || /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
}

function isDate(text: string | undefined): boolean {
  return text?.length === "2026-01-31".length;
}
