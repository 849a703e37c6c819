import type { Criterion, OutputField } from "@/lib/sixtyfour/task-options";

const MAX_NAME_LENGTH = 64;

/**
 * Output fields that have the QA agent score each criterion: one per criterion, in their order, named
 * `score_<slug of the criterion's name>`. Safe for the browser.
 *
 * @param takenNames names of other output fields, which these do not repeat
 */
export function criterionScoreFields(
  criteria: readonly { criteria_name: string }[],
  takenNames: Iterable<string> = [],
): OutputField[] {
  const taken = new Set(takenNames);
  return criteria.map(({ criteria_name }) => {
    const name = freeName(`score_${slug(criteria_name) || "criterion"}`, taken);
    taken.add(name);
    return { name, description: scoreDescription(criteria_name), type: "str" };
  });
}

/**
 * The criteria of a request, by the fields of its `struct` in which their scores were asked for. Descriptions tell, since a
 * name was changed where another field had it.
 */
export function criteriaByField(request: Record<string, unknown>): Map<string, Criterion> {
  const { struct, qualification_criteria: given } = request;
  const criteria = Array.isArray(given) ? (given as Criterion[]) : [];
  const fields = typeof struct === "object" && struct !== null ? Object.entries(struct) : [];
  return new Map(
    fields.flatMap(([name, field]): [string, Criterion][] => {
      const description: unknown = typeof field === "string" ? field : field?.description;
      const criterion = criteria.find(({ criteria_name }) => scoreDescription(criteria_name) === description);
      return criterion ? [[name, criterion]] : [];
    }),
  );
}

function scoreDescription(criterionName: string): string {
  return `How well the lead meets “${criterionName}”, from 0 to 10`;
}

function slug(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}

/** The name itself, or with the first number that makes it unique. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? "" : `_${count}`;
    const name = wanted.slice(0, MAX_NAME_LENGTH - suffix.length).replace(/_$/, "") + suffix;
    if (!taken.has(name)) return name;
  }
}
