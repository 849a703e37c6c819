import { z } from "zod";
import { AppError } from "@/lib/errors";
import { isUsableMoment } from "@/lib/moment-range";
import { TASK_KIND_IDS, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import { DELIVERED_BY, FOUND, REASON_LENGTH, SINCE, SORTS, type TaskFilter } from "@/lib/tasks/task-filter";
import { TASK_STATUSES } from "@/lib/tasks/task-status";

const keysOf = <K extends string>(record: Record<K, unknown>) => Object.keys(record) as [K, ...K[]];
const oneOf = <K extends string>(values: readonly [K, ...K[]], name: string) =>
  z.enum(values, `The ${name} must be one of ${values.join(", ")}.`);
/** Several with commas between. */
const some = <K extends string>(values: readonly [K, ...K[]], name: string) =>
  z
    .string()
    .transform((text) => [...new Set(text.split(","))])
    .pipe(z.array(oneOf(values, name)));
const dayOrHour = (name: string) =>
  z
    .string()
    .refine(
      (moment) =>
        /^[\d-]{10}(T\d\d:00Z)?$/.test(moment) && isDay(moment.slice(0, 10)) && isUsableMoment(Date.parse(moment)),
      `Give ${name} as a day or a full hour of UTC from 1970 on, such as 2026-11-24 or 2026-11-24T10:00Z.`,
    );
/** `Date` alone takes 30 February for a day in March. */
const isDay = (text: string) => z.iso.date().safeParse(text).success;

const fields = {
  q: z.string().trim().min(1).max(200, "Search for at most 200 characters."),
  status: some(TASK_STATUSES, "status"),
  kind: some(TASK_KIND_IDS as [TaskKindId, ...TaskKindId[]], "kind"),
  submission: z.uuid("The submission must be an id."),
  via: oneOf(keysOf(DELIVERED_BY), "via"),
  found: oneOf(keysOf(FOUND), "found"),
  reason: z.string().min(1).max(REASON_LENGTH, `Give at most ${REASON_LENGTH} characters of a reason.`),
  since: oneOf(keysOf(SINCE), "since"),
  from: dayOrHour("from"),
  to: dayOrHour("to"),
  sort: oneOf(keysOf(SORTS), "sort"),
};

const taskFilter = z.object(fields).partial();
type Params = Record<string, string | string[] | null | undefined> | URLSearchParams;

/**
 * Reads a filter from a query; an empty value is none.
 *
 * @throws AppError `invalid_input` with what is wrong
 */
export function parseTaskFilter(params: Params): TaskFilter {
  const parsed = taskFilter.safeParse(pick(params));
  if (parsed.success) return parsed.data as TaskFilter;
  throw new AppError("invalid_input", parsed.error.issues.map(({ message }) => message).join(" "));
}

/** The same for an address that a person may have typed: what is not right in it is left out. */
export function readTaskFilter(params: Params): TaskFilter {
  const entries = Object.entries(pick(params)).flatMap(([name, given]) => {
    const { success, data } = fields[name as keyof typeof fields].safeParse(given);
    return success ? [[name, data]] : [];
  });
  return Object.fromEntries(entries);
}

function pick(params: Params): Record<string, string> {
  const givenFor = (name: string) => (params instanceof URLSearchParams ? params.get(name) : params[name]);
  return Object.fromEntries(
    Object.keys(fields).flatMap((name) => {
      const given = givenFor(name);
      const value = Array.isArray(given) ? given[0] : given;
      return value ? [[name, value]] : [];
    }),
  );
}
