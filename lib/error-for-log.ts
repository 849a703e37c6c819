/**
 * An error as it may stand in a log. Drizzle's own message repeats the statement with its values, which are people's
 * data; the cause below it says what went wrong without them.
 */
export function errorForLog(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : "unknown error";
  if (error.message.startsWith("Failed query")) return errorForLog(error.cause ?? "failed query");
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const message = quotesAValue(error, code) ? error.message.replace(/"[\s\S]*/, "…") : error.message;
  return `${error.name}: ${message}${code && ` (${code})`}`;
}

/** Postgres' data exceptions (class 22) and the reader of JSON put what they could not read into their message. */
function quotesAValue(error: Error, code: string): boolean {
  return error instanceof SyntaxError || /^22[0-9A-Z]{3}$/.test(code);
}
