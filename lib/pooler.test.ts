import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { findActor } from "@/lib/access/find-actor";
import { signIn } from "@/lib/access/sign-in";
import type { Context } from "@/lib/context";
import { getOverview } from "@/lib/overview/get";
import { countTasks } from "@/lib/periods/count-tasks";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pollTask } from "@/lib/pipeline/poll";
import { reconcile } from "@/lib/pipeline/reconcile";
import { submitLead } from "@/lib/pipeline/submit";
import { listTasks } from "@/lib/tasks/list";
import { confirmList, createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";
import { canKeepStatements, findPgBouncer, type PgBouncer, startPgBouncer } from "@/scripts/local/pgbouncer";

const EMAIL = "ada@example.com";
const PASSWORD = "a few words will do";
const ACCESS: Context["access"] = {
  mode: "sign_in",
  secret: "a secret of at least 32 characters",
  origin: "https://leads.example.com",
  isSecure: true,
  admin: { email: EMAIL, password: PASSWORD },
  providers: {},
  emailDomains: [],
};

const file = findPgBouncer();

const CASES = [
  { poolSize: 1, keepsStatements: false },
  { poolSize: 2, keepsStatements: false },
  { poolSize: 1, keepsStatements: true },
  { poolSize: 2, keepsStatements: true },
];
const isPossible = ({ keepsStatements }: (typeof CASES)[number]) =>
  file !== undefined && (!keepsStatements || canKeepStatements(file));

for (const { poolSize, keepsStatements } of CASES) {
  const name = `through a real PgBouncer, ${poolSize} connections, statements ${keepsStatements ? "kept" : "not kept"}`;
  describe.skipIf(!isPossible({ poolSize, keepsStatements }))(name, () => {
    let bench: TestBench;
    let pooler: PgBouncer;
    let pooled: ReturnType<typeof openDatabase>;
    let context: Context;
    beforeAll(async () => {
      bench = await createTestBench();
      pooler = await startPgBouncer(bench.database.url, { file: file ?? "", poolSize });
      pooled = openDatabase(pooler.url, { isPooled: true, keepsStatements, maxConnections: poolSize });
      context = { ...bench.context, access: ACCESS, db: pooled.db };
    });
    afterAll(async () => {
      await pooled.close();
      await pooler.stop();
      await bench.close();
    });

    test("a person signs in, leads go out and end, and pages are read meanwhile", async () => {
      const credentials = { email: EMAIL, password: PASSWORD, address: null };
      const [cookie] = await signIn(context, { ...credentials, headers: new Headers() });
      const headers = new Headers({ cookie: `${cookie?.name}=${encodeURIComponent(cookie?.value ?? "")}` });
      expect(await findActor(context, headers)).toMatchObject({ type: "user" });

      await confirmList(context, { kind: "people_intelligence", count: 10, prefix: "Pooled" });
      const [{ taskId }] = await Promise.all([
        submitLead(context, { input: findEmailInput("Pooled"), formKey: randomUUID() }),
        dispatch(context, { forMs: 10_000 }),
        reconcile(context),
        getOverview(context, {}),
        listTasks(context, {}),
        countTasks(context, {}),
      ]);
      expect(await pollTask(context, { taskId, by: "person" })).toMatchObject({ type: "running" });

      const jobs = await bench.sandbox.jobs();
      expect(jobs).toHaveLength(11);
      const end = (job: (typeof jobs)[number]) =>
        deliver(context, { task_id: job.taskId, status: "completed", result: {} }, { token: tokenOf(job) });
      expect(new Set((await Promise.all(jobs.map(end))).map(({ outcome }) => outcome))).toEqual(new Set(["applied"]));
      expect(await findActor(context, headers)).toMatchObject({ type: "user" });
      expect(pooler.output()).not.toMatch(/not linked|dirty/);
    });
  });
}
