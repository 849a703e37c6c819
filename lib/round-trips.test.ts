import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { findActor } from "@/lib/access/find-actor";
import { signIn } from "@/lib/access/sign-in";
import { getAttention } from "@/lib/attention/get";
import type { Context } from "@/lib/context";
import { getOverview } from "@/lib/overview/get";
import { countTasks } from "@/lib/periods/count-tasks";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pollTask } from "@/lib/pipeline/poll";
import { prepareNextLeads } from "@/lib/pipeline/prepare";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { listTasks } from "@/lib/tasks/list";
import { confirmList, createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";
import { type DistantPostgres, startDistantPostgres } from "@/scripts/local/distant-postgres";

/** Longer than what is sent together takes to be sent, so that it is told from what waits for an answer. */
const ROUND_TRIP_MS = 20;

let bench: TestBench;
let distant: DistantPostgres;
let far: { db: Context["db"]; close(): Promise<void> };
let context: Context;
beforeAll(async () => {
  bench = await createTestBench();
  distant = await startDistantPostgres(bench.database.url, { roundTripMs: ROUND_TRIP_MS });
  // With more connections what goes on side by side would be counted twice.
  far = openDatabase(distant.url, { maxConnections: 1 });
  context = { ...bench.context, db: far.db };
  await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const [job] = await bench.sandbox.jobs();
  await deliver(bench.context, { task_id: job?.taskId, status: "failed", error: "No such person." });
});
afterAll(async () => {
  await far.close();
  await distant.close();
  await bench.close();
});

async function roundTripsOf(read: () => Promise<unknown>): Promise<number> {
  // A connection learns what is prepared the first time.
  await read();
  const before = distant.roundTrips();
  await read();
  return distant.roundTrips() - before;
}

test("what each page waits for takes a few round trips to a database that is far away", async () => {
  expect((await getOverview(context, {})).failures).toHaveLength(1);
  // Begin; what is settled; the figures; the words of reasons; commit.
  expect(await roundTripsOf(() => getOverview(context, {}))).toBeLessThanOrEqual(5);
  expect(await roundTripsOf(() => countTasks(context, {}))).toBeLessThanOrEqual(4);
  expect(await roundTripsOf(() => listTasks(context, {}))).toBeLessThanOrEqual(1);
  expect(await roundTripsOf(() => getAttention(context))).toBeLessThanOrEqual(1);
  const { tasks } = await listTasks(context, {});
  expect(await roundTripsOf(() => getTask(context, tasks[0]?.id ?? ""))).toBeLessThanOrEqual(1);
});

test("a lead is submitted, and asked about, in few", async () => {
  const submit = () => submitLead(context, { input: findEmailInput("Grace"), formKey: randomUUID() });
  // The lead with all that belongs to it; its send; then begin, a lock, what is known, what is new, commit.
  expect(await roundTripsOf(submit)).toBeLessThanOrEqual(7);
  const taskIds: string[] = [];
  for (const name of ["Joan", "Mary"]) {
    taskIds.push((await submitLead(bench.context, { input: findEmailInput(name), formKey: randomUUID() })).taskId);
  }
  const poll = async () => {
    expect(await pollTask(context, { taskId: taskIds.pop() ?? "", by: "person" })).toMatchObject({ type: "running" });
  };
  // The claim, the pace; then begin, the news, commit.
  expect(await roundTripsOf(poll)).toBeLessThanOrEqual(5);
});

test("each lead of a list goes out in few", async () => {
  const dispatchList = async (count: number) => {
    await confirmList(bench.context, { kind: "people_intelligence", count, prefix: `Person of ${count}` });
    while (await prepareNextLeads(bench.context)) {}
    const before = distant.roundTrips();
    expect(await dispatch(context, { forMs: 10_000 })).toEqual({ sent: count });
    return distant.roundTrips() - before;
  };
  await dispatchList(2);
  // A slot, a claim, and what a lead by itself takes once it is stored, which is 8, and far from the 19 of before; between
  // them is room for the looks at what is left, whose number depends on time.
  const difference = (await dispatchList(30)) - (await dispatchList(10));
  expect(difference).toBeLessThan(20 * 12);
});

test("a webhook is stored and applied in four", async () => {
  for (const name of ["Emmy", "Lise"]) {
    await submitLead(bench.context, { input: findEmailInput(name), formKey: randomUUID() });
  }
  const taskIds = (await bench.sandbox.jobs()).slice(-2).map(({ taskId }) => taskId);
  const [taskId] = taskIds;
  const tell = async (task_id: string | undefined, outcome: string) => {
    const event = { task_id, status: "completed", result: { email: [["emmy@example.com", "OK"]] } };
    expect(await deliver(context, event)).toMatchObject({ outcome });
  };
  // Begin; find; record and apply; commit.
  expect(await roundTripsOf(() => tell(taskIds.pop(), "applied"))).toBeLessThanOrEqual(4);
  expect(await roundTripsOf(() => tell(randomUUID(), "unmatched"))).toBeLessThanOrEqual(4);
  expect(await roundTripsOf(() => tell(taskId, "duplicate"))).toBeLessThanOrEqual(4);
});

test("who makes a request is found in one", async () => {
  const access: Context["access"] = {
    mode: "sign_in",
    secret: "a secret of at least 32 characters",
    origin: "https://leads.example.com",
    isSecure: true,
    admin: { email: "ada@example.com", password: "a few words will do" },
    providers: {},
    emailDomains: [],
  };
  const signedIn = { ...context, access };
  const { email, password = "" } = access.admin;
  const [cookie] = await signIn(signedIn, { email, password, headers: new Headers(), address: null });
  const headers = new Headers({ cookie: `${cookie?.name}=${encodeURIComponent(cookie?.value ?? "")}` });
  expect(await findActor(signedIn, headers)).toMatchObject({ type: "user", email });
  expect(await roundTripsOf(() => findActor(signedIn, headers))).toBeLessThanOrEqual(1);
});
