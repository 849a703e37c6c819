import { sql } from "drizzle-orm";
import { readMigrationState } from "@/db/migration-state";
import type { Context } from "@/lib/context";
import { DeadlineError, withDeadline } from "@/lib/deadline";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import { assessSetup } from "@/lib/setup/assess";
import { measureDay } from "@/lib/setup/measure-day";
import type { PreflightReport } from "@/lib/setup/preflight-report";
import { readMarks } from "@/lib/setup/read-marks";
import { readSigners } from "@/lib/setup/read-signers";
import type { Fact, RequestWay } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";

const FACT_WITHIN_MS = 5_000;

export interface Setup {
  points: SetupPoint[];
  /** The last one, where it is known. */
  preflight: PreflightReport | null;
}

const accessFacts = (access: Context["access"]) =>
  access.mode === "sign_in" ? { mode: access.mode, hasAdminPassword: access.admin.password !== undefined } : access;

/**
 * The checklist, as things stand now. It is always answered, and within seconds: what can't be found out, because the
 * database hangs say, makes its own points red or unknown and no others.
 */
export async function getSetup(
  context: Context,
  surroundings: Pick<Env, "isServerless" | "cronSecret"> & {
    sixtyfour: Pick<Env["sixtyfour"], "isSandbox">;
    way?: RequestWay;
  },
  { factWithinMs = FACT_WITHIN_MS }: { factWithinMs?: number } = {},
): Promise<Setup> {
  const { webhook } = context;
  const fact = <T>(name: string, work: Promise<T>) => factOf(name, work, factWithinMs);
  const [balance, databaseSkewSeconds, migrations, day, signers, marks] = await Promise.all([
    fact("balance", context.sixtyfour.checkBalance()),
    fact("database", databaseSkew(context)),
    fact("migrations", readMigrationState(context.db)),
    fact("day", measureDay(context)),
    fact("signers", webhook.secrets.length > 1 ? readSigners(context) : Promise.resolve([])),
    fact("marks", readMarks(context)),
  ]);
  const points = assessSetup({
    now: new Date(),
    surroundings: {
      access: accessFacts(context.access),
      isSandbox: surroundings.sixtyfour.isSandbox,
      isServerless: surroundings.isServerless,
      hasCronSecret: surroundings.cronSecret !== undefined,
      target: webhook.target,
      secretCount: webhook.secrets.length,
      way: surroundings.way,
    },
    balance,
    databaseSkewSeconds,
    migrations,
    day,
    signers,
    marks,
  });
  return { points, preflight: marks.known ? marks.value.preflight : null };
}

/** Half of the round trip is taken for the way back, so a slow database is not one with a wrong clock. */
async function databaseSkew({ db }: Context): Promise<number> {
  const askedAtMs = Date.now();
  const [row] = await db.execute<{ now: number }>(
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as "now"`,
  );
  if (!row) throw new Error("Postgres returned no row for its clock.");
  return Math.round((row.now - (askedAtMs + Date.now()) / 2) / 1000);
}

async function factOf<T>(name: string, work: Promise<T>, withinMs: number): Promise<Fact<T>> {
  try {
    return { known: true, value: await withDeadline(work, withinMs) };
  } catch (error) {
    log.error("setup_fact_unknown", error, { name });
    if (error instanceof DeadlineError) return { known: false, why: "slow", code: null };
    const code = errorCode(error);
    const isUnmigrated = code !== null && UNDEFINED_THINGS.has(code);
    return { known: false, why: isUnmigrated ? "unmigrated" : "failed", code };
  }
}

/** Postgres' codes for tables, columns and schemas that are not there. */
const UNDEFINED_THINGS = new Set(["42P01", "42703", "3F000"]);

/** The innermost code: Drizzle wraps the driver's error, and the driver the network's. */
function errorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const own = "code" in error && typeof error.code === "string" ? error.code : null;
  return own ?? errorCode(error instanceof AggregateError ? error.errors[0] : error.cause);
}
