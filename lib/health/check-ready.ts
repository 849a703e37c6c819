import { readMigrationState } from "@/db/migration-state";
import type { Context } from "@/lib/context";
import { withDeadline } from "@/lib/deadline";
import { log } from "@/lib/log";

/** Whoever asks gives up after some seconds, so the answer comes before that, whatever the database does. */
const ANSWER_WITHIN_MS = 1_500;

export interface Readiness {
  isReady: boolean;
  /** out_of_reach: it refused, or said nothing in time. */
  database: "ok" | "out_of_reach";
  /** missing: this build has migrations that the database lacks, and `missing` names them. */
  migrations: "ok" | "missing" | "unknown";
  missing?: string[];
}

/** A question that a database has left open. The next who ask wait for the same answer, so that they don't queue up. */
let underWay: { db: Context["db"]; answer: Promise<string[]> } | undefined;

/** Whether requests can be served: the database answers, and has every migration of this build. */
export async function checkReady({ db }: Pick<Context, "db">): Promise<Readiness> {
  try {
    const missing = await withDeadline(ask(db), ANSWER_WITHIN_MS);
    if (missing.length === 0) return { isReady: true, database: "ok", migrations: "ok" };
    return { isReady: false, database: "ok", migrations: "missing", missing };
  } catch (error) {
    log.error("not_ready", error);
    return { isReady: false, database: "out_of_reach", migrations: "unknown" };
  }
}

function ask(db: Context["db"]): Promise<string[]> {
  if (underWay?.db === db) return underWay.answer;
  const asked = { db, answer: missingMigrations(db) };
  underWay = asked;
  const forget = () => {
    if (underWay === asked) underWay = undefined;
  };
  asked.answer.then(forget, forget);
  return asked.answer;
}

/** A database that is ahead lacks none: it is migrated before the new build starts. */
async function missingMigrations(db: Context["db"]): Promise<string[]> {
  const state = await readMigrationState(db);
  return state.type === "behind" ? state.missing : [];
}
