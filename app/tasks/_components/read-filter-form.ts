import type { TaskFilter } from "@/lib/tasks/task-filter";

/** The choice of days of one's own, in place of a time span. */
export const OWN_DAYS = "own";

/** A bar of the overview may lead to an hour; in the form a day is chosen. */
export function dayOf(moment = ""): string {
  return moment.slice(0, "2026-11-24".length);
}

/**
 * Returns the filter that the form asks for: its choices, and of the filter that is shown whatever the form has no input
 * for. Choices are not checked here: the page reads the address with care.
 */
export function readFilterForm(form: FormData, shown: TaskFilter): TaskFilter {
  const given = (name: string) => String(form.get(name) ?? "").trim() || undefined;
  const hasOwnDays = given("since") === OWN_DAYS;
  const momentOf = (name: "from" | "to") => {
    if (!hasOwnDays) return undefined;
    // An hour stays where its day was not changed.
    return given(name) === dayOf(shown[name]) ? shown[name] : given(name);
  };
  const next = {
    ...shown,
    q: given("q"),
    kind: given("kind")?.split(","),
    via: given("via"),
    found: given("found"),
    since: hasOwnDays ? undefined : given("since"),
    from: momentOf("from"),
    to: momentOf("to"),
    sort: given("sort"),
  };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
}
