import { count, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { leads, submissions } from "@/db/schema";
import { dispatch } from "@/lib/pipeline/dispatch";
import { hashRequestKey, submitLeads } from "@/lib/pipeline/submit-leads";
import type { ApiSubmission } from "@/lib/submissions/api-input";
import { getSubmission } from "@/lib/submissions/get";
import { createTestBench, namesAsked, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

const people = (prefix: string, total: number): ApiSubmission => ({
  kind: "find_email",
  options: { mode: "PROFESSIONAL" },
  leads: Array.from({ length: total }, (_, index) => ({ fields: { name: `${prefix} ${index}` } })),
  name: prefix,
});

const submissionsWith = async (requestKey: string) => {
  const [row] = await bench.context.db
    .select({ n: count() })
    .from(submissions)
    .where(eq(submissions.requestKey, hashRequestKey(requestKey)));
  return row?.n;
};

test("leads are stored in their order, confirmed as they come, and each is sent once", async () => {
  const given = people("Sent", 250);
  const { submissionId, repeated } = await submitLeads(bench.context, { submission: given, requestKey: "api:t:sent" });
  expect(repeated).toBe(false);
  expect(await getSubmission(bench.context, submissionId)).toMatchObject({
    source: "api",
    name: "Sent",
    leadCount: 250,
    taskCount: 3,
  });
  await dispatch(bench.context, { forMs: 15_000 });
  expect(await namesAsked(bench.sandbox)).toEqual(given.leads.map(({ fields }) => fields.name).sort());
});

test("ten thousand leads are stored by one call, whole", async () => {
  const { submissionId } = await submitLeads(bench.context, {
    submission: people("Many", 10_000),
    requestKey: "api:t:many",
  });
  const rows = await bench.context.db
    .select({ row: leads.row })
    .from(leads)
    .where(eq(leads.submissionId, submissionId))
    .orderBy(leads.row);
  expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
});

test("what can't be stored whole is not stored at all, and its key stays free", async () => {
  const broken = people("Broken", 1_500);
  // A statement later than the first is refused by Postgres itself.
  broken.leads[1_200] = { fields: undefined as unknown as Record<string, string> };
  await expect(submitLeads(bench.context, { submission: broken, requestKey: "api:t:broken" })).rejects.toThrow();
  expect(await submissionsWith("api:t:broken")).toBe(0);
  const { repeated } = await submitLeads(bench.context, {
    submission: people("Broken", 2),
    requestKey: "api:t:broken",
  });
  expect(repeated).toBe(false);
});

test("twenty calls at once with one key make one submission, and all are told of it", async () => {
  const call = () => submitLeads(bench.context, { submission: people("Once", 3), requestKey: "api:t:once" });
  const answers = await Promise.all(Array.from({ length: 20 }, call));
  expect(new Set(answers.map(({ submissionId }) => submissionId)).size).toBe(1);
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await submissionsWith("api:t:once")).toBe(1);
});

test("a key names one content: other leads, options or another name are a conflict and change nothing", async () => {
  const given = people("Key", 2);
  const requestKey = "api:t:key";
  const { submissionId } = await submitLeads(bench.context, { submission: given, requestKey });
  const others: ApiSubmission[] = [
    { ...given, leads: given.leads.slice(0, 1) },
    { ...given, leads: given.leads.toReversed() },
    { ...given, options: { mode: "PERSONAL" } },
    { ...given, name: "Other" },
  ];
  for (const submission of others) {
    await expect(submitLeads(bench.context, { submission, requestKey })).rejects.toMatchObject({ code: "conflict" });
  }
  expect(await getSubmission(bench.context, submissionId)).toMatchObject({ leadCount: 2, name: "Key" });
});

test("what is stored is answered, even where making its first tasks fails: they are made later", async () => {
  let transactions = 0;
  const failing = new Proxy(bench.context.db, {
    get(db, name) {
      if (name !== "transaction") return Reflect.get(db, name, db);
      return (...given: Parameters<typeof db.transaction>) => {
        transactions += 1;
        if (transactions > 1) throw new Error("The connection broke.");
        return db.transaction(...given);
      };
    },
  });
  const context = { ...bench.context, db: failing };
  const { submissionId } = await submitLeads(context, { submission: people("Late", 2), requestKey: "api:t:late" });
  await dispatch(bench.context, { forMs: 15_000 });
  expect(await getSubmission(bench.context, submissionId)).toMatchObject({ leadCount: 2, taskCount: 1 });
});
