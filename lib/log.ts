import { type LogLevel, logLevel } from "@/lib/env";
import { errorForLog } from "@/lib/error-for-log";
import { traceId } from "@/lib/tracing";

/** What a line says besides its event: ids, counts, durations and words of our own. Nothing of a lead, nobody's secret. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

type Write = (level: Exclude<LogLevel, "silent">, line: string) => void;

// Standard output for what happened, standard error for what went wrong: hosts tell the two apart. By the console, which
// bears a pipe that nobody reads any more, where the stream itself would end the process.
const writeToConsole: Write = (level, line) => (level === "error" ? console.error(line) : console.info(line));

let diverted: Write | undefined;

/** The app's log: one line of JSON for each thing that happened, and nothing at all below LOG_LEVEL. */
export const log = {
  /** Something happened, as it should. */
  info(event: string, fields: LogFields = {}): void {
    write("info", event, fields);
  },
  /** Something went wrong. Of `error` the line has what {@link errorForLog} leaves of it. */
  error(event: string, error: unknown, fields: LogFields = {}): void {
    write("error", event, { ...fields, error: errorForLog(error) });
  },
};

/**
 * Something that came from outside and is called an id, as it may stand in a log: an address or a name in its place is
 * not repeated.
 */
export function idForLog(given: string | null | undefined): string | null {
  if (given === null || given === undefined) return null;
  return /^[\w.:-]{1,128}$/.test(given) ? given : "(no id)";
}

/** Hands every line to `to` and none anywhere else, whatever LOG_LEVEL says. @returns ends that */
export function divertLog(to: (line: string) => void): () => void {
  diverted = (_, line) => to(line);
  return () => {
    diverted = undefined;
  };
}

function write(level: Exclude<LogLevel, "silent">, event: string, fields: LogFields): void {
  const isWanted = diverted !== undefined || logLevel() === "info" || (level === "error" && logLevel() === "error");
  if (!isWanted) return;
  const line = { time: new Date().toISOString(), level, event, traceId: traceId() ?? undefined, ...fields };
  (diverted ?? writeToConsole)(level, JSON.stringify(line));
}
