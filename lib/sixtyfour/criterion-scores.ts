import type { OutputField } from "@/lib/sixtyfour/task-options";

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
    return { name, description: `How well the lead meets “${criteria_name}”, from 0 to 10`, type: "str" };
  });
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
