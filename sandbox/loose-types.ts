/** Answers whose types are not kept, as the real API's sometimes are not. */

/** Stands in the place of a task_type, which is a text. */
const TASK_TYPE_NUMBER = 7;
const LOOSE_FIELDS = ["cost_cents", "confidence_score"];

/** Returns a result with its cost and its confidence as texts. */
export function loosenResult(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(loosenResult);
  if (typeof result !== "object" || result === null) return result;
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      LOOSE_FIELDS.includes(name) && typeof value === "number" ? String(value) : value,
    ]),
  );
}

/** Returns the fields of a submit answer, of job-status or of a webhook, with other types than they should have. */
export function loosenAnswer(answer: Record<string, unknown>): Record<string, unknown> {
  const loose = { ...answer };
  if ("task_type" in loose) loose.task_type = TASK_TYPE_NUMBER;
  if ("charge_amount" in loose) loose.charge_amount = String(loose.charge_amount);
  if ("charge_credits" in loose) loose.charge_credits = String(loose.charge_credits);
  if ("result" in loose) loose.result = loosenResult(loose.result);
  if (loose.status === "RUNNING") loose.status = null;
  return loose;
}
