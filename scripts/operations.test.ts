import { readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { submissions, tasks } from "@/db/schema";
import { pollTask } from "@/lib/pipeline/poll";
import { createTestBench, deliver, type TestBench } from "@/lib/testing";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const operations = readFileSync(path.join(PROJECT_DIR, "docs/operations.md"), "utf8");
const statements = [...operations.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, block = ""]) => block.trim());
const [, , holdBack = "", tellItsJob = ""] = statements;

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const run = (block: string) =>
  bench.context.db.transaction((tx) => tx.execute(sql.raw(block.replace(/^(begin|commit);$/gm, ""))));

test("its links lead somewhere", () => {
  const anchors = [...operations.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
  const links = [...operations.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((anchor) => !anchors.includes(anchor ?? ""))).toEqual([]);
});

test.each(statements.slice(0, 2))("its questions to Postgres are right: %s", async (block) => {
  await run(block);
});

describe("after a backup was restored", () => {
  test("nothing that was queued goes out, and what was sent since is given its job", async () => {
    const { db } = bench.context;
    const [list] = await db
      .insert(submissions)
      .values({
        kind: "find_email",
        source: "list",
        requestKey: "list",
        confirmedAt: new Date(),
        preparedAt: new Date(),
      })
      .returning({ id: submissions.id });
    const one = {
      submissionId: list?.id ?? "",
      kind: "find_email",
      request: {},
      status: "queued" as const,
      nextSendAt: new Date(),
    };
    const [sent, unsent] = await db.insert(tasks).values([one, one]).returning({ id: tasks.id });

    await run(holdBack);
    expect(await db.select({ at: tasks.nextSendAt }).from(tasks)).toEqual([{ at: null }, { at: null }]);
    expect(await db.select({ reason: submissions.pauseReason }).from(submissions)).toEqual([{ reason: "person" }]);

    const jobId = "job-of-the-log";
    await run(tellItsJob.replaceAll("<taskId>", sent?.id ?? "").replaceAll("<sixtyfourTaskId>", jobId));
    expect((await pollTask(bench.context, { taskId: sent?.id ?? "", by: "app" })).type).toBe("unknown_job");
    const receipt = await deliver(bench.context, {
      task_id: jobId,
      status: "completed",
      result: { email: [["a@ae.example"]] },
    });
    expect(receipt.outcome).toBe("applied");
    const rows = await db.select({ id: tasks.id, status: tasks.status }).from(tasks).orderBy(tasks.id);
    expect(rows).toEqual([
      { id: sent?.id, status: "completed" },
      { id: unsent?.id, status: "queued" },
    ]);
  });
});
