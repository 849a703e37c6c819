import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { batcher } from "@/lib/batcher";

/** Runs that end when they are told to, and what each was given. */
function heldRuns() {
  const given: string[][] = [];
  const ends: { succeed: () => void; fail: (error: Error) => void }[] = [];
  const run = (inputs: string[]) => {
    given.push(inputs);
    return new Promise<string[]>((resolve, reject) => {
      ends.push({ succeed: () => resolve(inputs.map((input) => input.toUpperCase())), fail: reject });
    });
  };
  return { given, ends, run };
}

const LIMITS = { atOnce: 1, patienceMs: 60_000, most: 3, mostSize: 10, sizeOf: (input: string) => input.length };

test("what comes alone runs at once; what comes meanwhile goes together, in its order", async () => {
  const { given, ends, run } = heldRuns();
  const group = batcher(run, LIMITS);
  const outputs = Promise.all(["a", "b", "c", "d", "e"].map(group));
  expect(given).toEqual([["a"]]);
  ends[0]?.succeed();
  await sleep(0);
  expect(given.slice(1)).toEqual([["b", "c", "d"]]);
  ends[1]?.succeed();
  await sleep(0);
  expect(given.slice(2)).toEqual([["e"]]);
  ends[2]?.succeed();
  expect(await outputs).toEqual(["A", "B", "C", "D", "E"]);
});

test("no more runs at once than allowed", async () => {
  const { given, run } = heldRuns();
  const group = batcher(run, { ...LIMITS, atOnce: 2 });
  for (const input of ["a", "b", "c"]) void group(input);
  expect(given).toEqual([["a"], ["b"]]);
});

test("a run that hangs holds up its own alone, and has its output whenever it ends", async () => {
  const { given, ends, run } = heldRuns();
  const group = batcher(run, { ...LIMITS, patienceMs: 10 });
  const hanging = group("a");
  const next = group("b");
  await vi.waitFor(() => expect(given).toEqual([["a"], ["b"]]));
  ends[1]?.succeed();
  expect(await next).toBe("B");
  ends[0]?.succeed();
  expect(await hanging).toBe("A");
});

test("together they are no larger than allowed, and what is larger by itself goes alone", async () => {
  const { given, ends, run } = heldRuns();
  const group = batcher(run, LIMITS);
  const inputs = ["a", "four", "sixsix", "1", "larger than allowed", "b"];
  const outputs = Promise.all(inputs.map(group));
  for (let n = 0; n < 5; n += 1) {
    ends[n]?.succeed();
    await sleep(0);
  }
  expect(given).toEqual([["a"], ["four", "sixsix"], ["1"], ["larger than allowed"], ["b"]]);
  expect(await outputs).toHaveLength(inputs.length);
});

test("of a group that fails each is run by itself, and one that fails there fails alone", async () => {
  const run = async (inputs: string[]) => {
    if (inputs.includes("bad")) throw new Error(`failed: ${inputs.join()}`);
    return inputs.map((input) => input.toUpperCase());
  };
  const group = batcher(run, LIMITS);
  const outcomes = await Promise.allSettled(["first", "a", "bad", "b"].map(group));
  expect(outcomes).toEqual([
    { status: "fulfilled", value: "FIRST" },
    { status: "fulfilled", value: "A" },
    { status: "rejected", reason: new Error("failed: bad") },
    { status: "fulfilled", value: "B" },
  ]);
});
