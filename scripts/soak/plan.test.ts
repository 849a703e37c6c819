import { expect, test } from "vitest";
import { planDisruptions, runDisruptions } from "@/scripts/soak/disruptions";
import { makeLeads } from "@/scripts/soak/leads";
import { readSoakOptions } from "@/scripts/soak/options";

const PLAN = { leads: 2_000, seed: 1, kills: 5, databaseStops: 2, stopSeconds: 30 };

test("the leads are the same for the same seed, and no two are alike", () => {
  const leads = makeLeads(300, 4);
  expect(makeLeads(300, 4)).toEqual(leads);
  expect(new Set(leads.map(({ company }) => company)).size).toBe(300);
});

test("a plan has all that was asked for, and each falls within the run", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const plan = planDisruptions({ ...PLAN, seed });
    expect(plan.filter(({ what }) => what === "kill")).toHaveLength(5);
    expect(plan.filter(({ what }) => what === "stop database")).toHaveLength(2);
    for (const { afterLeads } of plan) expect(afterLeads).toBeGreaterThan(0);
    for (const { afterLeads } of plan) expect(afterLeads).toBeLessThanOrEqual(PLAN.leads);
  }
  expect(planDisruptions(PLAN)).toEqual(planDisruptions(PLAN));
});

test("what is planned happens once, and a failure is told", async () => {
  const happened: string[] = [];
  const running = runDisruptions(
    [
      { what: "kill", afterLeads: 1, delayMs: 0 },
      { what: "stop database", afterLeads: 2, delayMs: 0 },
      { what: "kill", afterLeads: 9, delayMs: 0 },
    ],
    {
      kill: async () => {
        happened.push("kill");
      },
      "stop database": () => Promise.reject(new Error("It did not come back.")),
    },
  );
  running.begun(1);
  running.begun(2);
  await running.over();
  expect(happened).toEqual(["kill"]);
  expect(running.done).toEqual({ kill: 1, "stop database": 0 });
  expect(String(running.failure())).toContain("It did not come back.");
});

test("a preset is overruled by what stands beside it", () => {
  expect(readSoakOptions([])).toMatchObject({ leads: 2_000, seed: 1, kills: 5, databaseStops: 2, stopSeconds: 30 });
  expect(readSoakOptions(["--preset", "ci", "--leads", "20"])).toMatchObject({ leads: 20, kills: 2, unsigned: false });
  expect(readSoakOptions(["--preset", "ci", "--pooled"])).toMatchObject({ leads: 80, pooled: true });
});

test.each([[["--leads", "many"]], [["--leads", "0"]], [["--preset", "huge"]], [["--nonsense"]]])(
  "%j is refused in a sentence",
  (args) => {
    expect(() => readSoakOptions(args)).toThrow(expect.objectContaining({ name: "ConfigError" }));
  },
);
