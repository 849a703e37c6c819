import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alarms, deliveries, marks, requestPace, submissions, tasks } from "@/db/schema";
import { getMetrics } from "@/lib/metrics/get";
import { writePrometheus } from "@/lib/metrics/write-prometheus";
import { createTestBench, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

/** The values by name and labels, as a scraper reads them. */
async function scrape(): Promise<Record<string, number>> {
  const text = writePrometheus(await getMetrics(bench.context));
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
  );
}

test("an empty database has nothing to do, and no figure is missing its zero", async () => {
  expect(await scrape()).toMatchObject({
    sixtyfour_tasks_late: 0,
    sixtyfour_queue_due_tasks: 0,
    sixtyfour_queue_delay_seconds: 0,
    sixtyfour_queue_oldest_age_seconds: 0,
    sixtyfour_request_pace_delay_seconds: 0,
  });
});

test("what is under way, waits and came within the last hour is counted, and nothing older", async () => {
  const { db } = bench.context;
  const [submission] = await db
    .insert(submissions)
    .values({ kind: "find_email", requestKey: "a", pausedAt: new Date(), pauseReason: "no_credits" })
    .returning({ id: submissions.id });
  const base = { submissionId: submission?.id ?? "", kind: "find_email", request: {} };
  const ended = { ...base, status: "completed" as const, deliveredVia: "webhook" as const };
  await db.insert(tasks).values([
    { ...base, status: "queued", createdAt: ago(500), nextSendAt: ago(30) },
    { ...base, status: "queued", createdAt: ago(400), nextSendAt: ago(-600) },
    { ...base, status: "queued" },
    { ...base, status: "running", submittedAt: ago(1) },
    { ...base, status: "running", submittedAt: ago(7_000) },
    { ...base, status: "running", submittedAt: ago(7_000), shape: "file" },
    { ...base, status: "unconfirmed", kind: "qa_agent", submittedAt: ago(7_000) },
    { ...ended, submittedAt: ago(110), endedAt: ago(100), deliveredAt: ago(100) },
    { ...ended, submittedAt: ago(130), endedAt: ago(100), deliveredAt: ago(100) },
    { ...ended, submittedAt: ago(4_000), endedAt: ago(3_700), deliveredAt: ago(3_700) },
  ]);
  const request = { headers: {}, body: new Uint8Array() };
  await db.insert(deliveries).values([
    { ...request, signature: "valid", outcome: "applied" },
    { ...request, signature: "valid", outcome: "applied" },
    { ...request, signature: "mismatch", outcome: "refused" },
    { ...request, signature: "valid", outcome: "applied", id: "0192f0c0-0000-7000-8000-000000000000" },
  ]);
  await db.update(requestPace).set({ nextSlotAt: ago(-40) });
  await db.insert(marks).values({ name: "reconcile", at: new Date("2026-11-26T04:00:00Z") });
  await db.insert(alarms).values([{ kind: "queue_paused" }, { kind: "nothing_sent", resolvedAt: sql`now()` }]);

  const figures = await scrape();
  expect(figures).toMatchObject({
    'sixtyfour_tasks_open{status="queued",kind="find_email"}': 3,
    'sixtyfour_tasks_open{status="running",kind="find_email"}': 3,
    'sixtyfour_tasks_open{status="unconfirmed",kind="qa_agent"}': 1,
    sixtyfour_tasks_late: 1,
    sixtyfour_queue_due_tasks: 1,
    'sixtyfour_submissions_paused{reason="no_credits"}': 1,
    'sixtyfour_tasks_ended_last_hour{kind="find_email",status="completed",via="webhook"}': 2,
    'sixtyfour_task_seconds_last_hour{quantile="0.5"}': 20,
    'sixtyfour_task_seconds_last_hour{quantile="0.95"}': 29,
    'sixtyfour_deliveries_last_hour{outcome="applied",signature="valid"}': 2,
    'sixtyfour_deliveries_last_hour{outcome="refused",signature="mismatch"}': 1,
    'sixtyfour_round_timestamp_seconds{round="reconcile"}': 1795665600,
    'sixtyfour_alarm_raised{kind="queue_paused"}': 1,
    'sixtyfour_alarm_raised{kind="nothing_sent"}': 0,
  });
  expect(figures.sixtyfour_queue_oldest_age_seconds).toBeGreaterThanOrEqual(500);
  expect(figures.sixtyfour_queue_delay_seconds).toBeGreaterThanOrEqual(30);
  expect(figures.sixtyfour_queue_delay_seconds).toBeLessThan(400);
  expect(figures.sixtyfour_request_pace_delay_seconds).toBeGreaterThan(0);
  expect(figures.sixtyfour_request_pace_delay_seconds).toBeLessThanOrEqual(40);
});

test("the text is Prometheus': a help and a type for each, labels quoted, a line feed at the end", () => {
  const metrics = [
    { name: "a_seconds", help: "How long.", values: [{ value: 0.5 }, { labels: { x: 'q"\\\n', y: "z" }, value: 1 }] },
    { name: "b", help: "None yet.", values: [] },
  ];
  expect(writePrometheus(metrics)).toBe(
    [
      "# HELP a_seconds How long.",
      "# TYPE a_seconds gauge",
      "a_seconds 0.5",
      'a_seconds{x="q\\"\\\\\\n",y="z"} 1',
      "# HELP b None yet.",
      "# TYPE b gauge",
      "",
    ].join("\n"),
  );
});
