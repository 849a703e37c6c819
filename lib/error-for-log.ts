/**
 * An error as it may stand in a log. Drizzle's own message repeats the statement with its values, which are people's
 * data; the cause below it says what went wrong without them.
 */
export function errorForLog(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : "unknown error";
  if (error.message.startsWith("Failed query")) return errorForLog(error.cause ?? "failed query");
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `${error.name}: ${error.message}${code}`;
}
