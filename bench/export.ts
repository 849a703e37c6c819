/**
 * How fast a list of 100,000 leads is exported, and with how much memory: `node --import tsx bench/export.ts`, or with
 * another number of leads. Uses TEST_DATABASE_URL, or a Postgres of its own that forgets everything.
 */
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import type { Download } from "@/lib/exports/download";
import { exportSubmission } from "@/lib/exports/export-submission";
import { exportTasks } from "@/lib/exports/export-tasks";
import { createSixtyfourClient } from "@/lib/sixtyfour/client";
import { runScript } from "@/scripts/local/run-script";
import { testDatabaseServer } from "@/scripts/local/test-database";
import { textTable } from "@/scripts/soak/text-table";

const MIB = 2 ** 20;

await runScript(async () => {
  const count = Number(process.argv[2] ?? 100_000);
  const server = await testDatabaseServer(process.env.TEST_DATABASE_URL);
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    await admin`create database ${admin(name)}`;
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    await migrateDatabase(url.href);
    const { db, close } = openDatabase(url.href);
    const context: Context = {
      db,
      access: { mode: "open" },
      sixtyfour: createSixtyfourClient({ apiUrl: "http://127.0.0.1:9", apiKey: "none", submitTimeoutInMs: 1 }),
      webhook: {
        target: { url: "" },
        secrets: [],
        memoryBytes: 64_000_000,
        maxBytes: 0,
        deliveryWindowInSeconds: 0,
        tokenKey: "",
      },
      retentionInDays: null,
      rejectedRetentionInDays: null,
      requestsPerMinute: 1,
      alerts: {},
    };
    const rows: (string | number)[][] = [];
    for (const shape of ["bulk", "single"] as const) {
      const submissionId = await seed(context, shape, count);
      for (const format of ["csv", "jsonl"]) {
        rows.push([
          `list, ${shape}, ${format}`,
          ...(await measure(await exportSubmission(context, { submissionId, format }), count)),
        ]);
      }
    }
    rows.push(["all tasks, jsonl", ...(await measure(await exportTasks(context, { format: "jsonl" }), 2 * count))]);
    console.info(textTable(["export", "leads", "MiB", "seconds", "leads a second", "peak of memory, MiB"], rows));
    await close();
  } finally {
    await admin`drop database if exists ${admin(name)} with (force)`;
    await admin.end();
    await server.stop();
  }
  return 0;
});

/** A completed list in the form of find email, or of people intelligence. */
async function seed({ db }: Context, shape: "bulk" | "single", count: number): Promise<string> {
  const perTask = shape === "bulk" ? 100 : 1;
  const submissionId = randomUUID();
  const columns = ["Name", "Company", "Note"];
  await db
    .insert(submissions)
    .values({ id: submissionId, kind: "find_email", shape, columns, leadCount: count, requestKey: submissionId });
  const result = sql`json_build_object('name', 'Person ' || n, 'company', 'Analytical Engines', 'cost_cents', 5,
    'email', json_build_array(json_build_array('person' || n || '@engines.example', 'OK', 'COMPANY')),
    'notes', repeat('note ', 40))`;
  await db.execute(sql`
    insert into tasks (id, submission_id, kind, shape, lead_count, status, request, result, ended_at)
    select md5(${shape} || t)::uuid, ${submissionId}::uuid, 'find_email', ${shape}, ${perTask}::int, 'completed', '{}',
      (select ${shape === "bulk" ? sql`json_agg(${result})` : result}
        from generate_series(t * ${perTask}::int, (t + 1) * ${perTask}::int - 1) as n),
      now()
    from generate_series(0, ${Math.ceil(count / perTask) - 1}::int) as t`);
  await db.execute(sql`
    insert into leads (id, submission_id, row, task_id, position, fields, cells)
    select gen_random_uuid(), ${submissionId}::uuid, n, md5(${shape} || (n / ${perTask}::int))::uuid, n % ${perTask}::int,
      json_build_object('name', 'Person ' || n, 'company', 'Analytical Engines'),
      json_build_array('Person ' || n, 'Analytical Engines', 'a note')
    from generate_series(0, ${count - 1}::int) as n`);
  await db.execute(sql`analyze`);
  return submissionId;
}

async function measure({ chunks }: Download, count: number): Promise<(string | number)[]> {
  const startedAt = performance.now();
  let bytes = 0;
  let peak = 0;
  for await (const chunk of chunks) {
    bytes += Buffer.byteLength(chunk);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return [count, Math.round(bytes / MIB), seconds.toFixed(1), Math.round(count / seconds), Math.round(peak / MIB)];
}
