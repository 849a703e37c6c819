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
  const params = statement.params<string>(
    {
      jobId: "'job_' || :n",
      tokenHash: "sha256(convert_to('token_' || :n, 'UTF8'))",
      eventId: "'event_' || :n",
      receivedAt: "now()",
      result: literal(JSON.stringify(JSON.parse(body.toString()).result)),
      body: literal(body),
      bodySha256: literal(createHash("sha256").update(body).digest()),
      id: (index) => `md5('${index} ' || :n)::uuid`,
    },
    literal,
  );
  const script = path.join(given.folder, "pgbench.sql");
  const text = statement.text.replace(/\$(\d+)/g, (_, position) => `(${params[Number(position) - 1]})`);
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

function literal(value: unknown): string {
  if (value === null) return "null";
  if (Buffer.isBuffer(value)) return `'\\x${value.toString("hex")}'::bytea`;
  const text = (typeof value === "object" ? JSON.stringify(value) : String(value)).replaceAll("'", "''");
  // pgbench takes `:word` for a variable, in quotes as well.
  return `'${text.replaceAll(/:(?=\w)/g, ":' || '")}'`;
}
