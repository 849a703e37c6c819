/**
 * `npm run replay -- --from 2026-11-26T10:00 --to 2026-11-26T11:00`: replays the deliveries of that span, and prints what
 * came of them. Times without a zone are UTC; `--outcome unmatched` takes those alone.
 */
import { parseArgs } from "node:util";
import { openDatabase } from "@/db/client";
import { createContext } from "@/lib/context";
import { DELIVERY_OUTCOMES, type DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import { parseEnv } from "@/lib/env";
import { ConfigError } from "@/lib/errors";
import { replaySpan } from "@/lib/pipeline/replay-span";
import { requireDatabase } from "@/scripts/local/database-setup";
import { readEnvFiles } from "@/scripts/local/env-files";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const USAGE = "npm run replay -- --from 2026-11-26T10:00 --to 2026-11-26T11:00 [--outcome unmatched]";

await runScript(async () => {
  const span = readSpan(process.argv.slice(2));
  const env = parseEnv(readEnvFiles("production"));
  await requireDatabase(env.databaseUrl, "DATABASE_URL");
  const { db, close } = openDatabase(env.databaseUrl, { maxConnections: 2 });
  try {
    const replayed = await replaySpan(createContext(env, db), span);
    const rows = replayed.map(({ was, came, deliveries }) => [`${was} → ${came}`, deliveries]);
    console.info(rows.length > 0 ? textTable(["was → came to", "deliveries"], rows) : "Nothing was received then.");
    return 0;
  } finally {
    await close();
  }
});

function readSpan(args: string[]): { from: Date; to: Date; outcome: DeliveryOutcome | undefined } {
  const text = { type: "string" } as const;
  let values: { from?: string; to?: string; outcome?: string };
  try {
    values = parseArgs({ args, options: { from: text, to: text, outcome: text } }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${USAGE}`);
  }
  const outcome = DELIVERY_OUTCOMES.find((one) => one === values.outcome);
  if (values.outcome !== undefined && !outcome) {
    throw new ConfigError(`--outcome must be one of ${DELIVERY_OUTCOMES.join(", ")}.`);
  }
  const from = readMoment("--from", values.from);
  const to = readMoment("--to", values.to);
  if (from >= to) throw new ConfigError("--from must lie before --to.");
  return { from, to, outcome };
}

function readMoment(name: string, value: string | undefined): Date {
  const isWhole = value !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.test(value);
  const moment = new Date(isWhole ? (/(Z|[+-]\d\d:\d\d)$/.test(value) ? value : `${value}Z`) : Number.NaN);
  if (Number.isNaN(moment.getTime()))
    throw new ConfigError(`${name} must be a time such as 2026-11-26T10:00.\n${USAGE}`);
  return moment;
}
