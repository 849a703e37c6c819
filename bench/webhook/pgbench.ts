import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { bodyOf } from "@/bench/webhook/deliveries";
import { type LoadResult, summarise } from "@/bench/webhook/load";
import type { OurStatement } from "@/bench/webhook/our-statement";

const run = promisify(execFile);

/** Whether this machine has Postgres' own load generator, which no package of npm brings. */
export function hasPgbench(): Promise<boolean> {
  return run("pgbench", ["--version"]).then(
    () => true,
    () => false, // then that line of the table is left out
  );
}

/**
 * What Postgres alone makes of our statement, prepared: each client ends tasks of its own, from its `first` one on. Each brings
 * the body of task 1: what differs from one to the next is its name alone.
 */
export async function runPgbench(
  databaseUrl: string,
  statement: OurStatement,
  given: { folder: string; clients: number; seconds: number; first: number; tasksEach: number },
): Promise<LoadResult> {
  const body = bodyOf(1);
  const expressions: string[] = [];
  // Stands in the parameter for what Postgres makes of `:n`.
  const made = (expression: string) => `<${expressions.push(expression) - 1}>`;
  const id = (name: string) => made(`md5('${name} ' || :n)::uuid`);
  const parameter = statement.parameter({
    jobId: made("'door_' || :n"),
    tokenHash: `\\x${made("encode(sha256(convert_to('token_' || :n, 'UTF8')), 'hex')")}`,
    eventId: made("'door_event_' || :n"),
    receivedAt: new Date().toISOString(),
    result: JSON.parse(body.toString()).result,
    body,
    bodySha256: createHash("sha256").update(body).digest(),
    ids: [id("delivery"), id("event"), id("end")],
  });
  const filled = literal(parameter).replace(/<(\d+)>/g, (_, place) => `' || ${expressions[Number(place)]} || '`);
  const script = path.join(given.folder, "pgbench.sql");
  const values = [`(${filled})`, ...statement.constants.map((value) => (value === null ? "null" : literal(value)))];
  const text = statement.text.replace(/\$(\d+)/g, (_, position) => values[Number(position) - 1] ?? "");
  const pickTask = `\\set n :client_id * ${given.tasksEach} + :next\n\\set next :next + 1\n`;
  await writeFile(script, `${pickTask}${text.replace(/\s+/g, " ")};\n`);
  const options = ["-n", "-M", "prepared", "-f", script, "-D", `next=${given.first}`, "-j", "1"];
  const logs = path.join(given.folder, "pgbench-log");
  await run(
    "pgbench",
    [...options, "-c", String(given.clients), "-T", String(given.seconds), "-l", "--log-prefix", logs, databaseUrl],
    { cwd: given.folder },
  );
  return readLog(given.folder, given.seconds);
}

/** Each line of the log is a transaction; its third word the microseconds that it took. */
async function readLog(folder: string, seconds: number): Promise<LoadResult> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("pgbench-log"));
  const timesMs: number[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    timesMs.push(...lines.map((line) => Number(line.split(" ")[2]) / 1000));
    await rm(file);
  }
  return summarise(timesMs, 0, seconds);
}

function literal(given: unknown): string {
  // pgbench takes `:word` for a variable, in quotes as well.
  return `'${String(given)
    .replaceAll("'", "''")
    .replaceAll(/:(?=\w)/g, ":' || '")}'`;
}
