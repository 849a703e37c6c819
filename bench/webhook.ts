/**
 * Measures the webhook endpoint: `npm run bench:webhook`, after `npm run build`. It runs our route on `next start`, a route
 * handler with a Drizzle transaction and the same guarantees, Express 5 with pg, and a route of Next that does nothing: in
 * turn, each with 32 requests at a time, and then at a steady rate. Each answer of 200 is checked to be stored. Exits 1 if a
 * bar is missed. `--rounds=<n>` and `--seconds=<n>` set the length; `--other=<folder>` adds a built checkout of another version.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { median } from "@/bench/figures";
import {
  type Contender,
  startDrizzleRoute,
  startExpress,
  startNoOp,
  startOtherVersion,
  startOurs,
} from "@/bench/webhook/contenders";
import { type Delivery, makeDeliveries } from "@/bench/webhook/deliveries";
import { keepPace, type LoadResult, saturate } from "@/bench/webhook/load";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const TASKS = 100_000;
const CONNECTIONS = 32;
/** More than any contender takes in a second. */
const AT_MOST_PER_SECOND = 3_000;
const WARM_UP_SECONDS = 8;
const PACE = { perSecond: 100, seconds: 20 };
const BARS = { ofDrizzleRoute: 1, ofOtherVersion: 0.7, p99MsAtPace: 25 };

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "6" },
    other: { type: "string" },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);

/** A contender, and what has been measured of it. */
interface Measured {
  contender: Contender;
  /** The task that the next delivery is about. */
  next: number;
  /** With 2xx; and how many tasks have ended, where that is known. */
  answered: number;
  ended: number | null;
  saturated: LoadResult[];
  /** At a steady pace. */
  paced: LoadResult | null;
}

await runScript(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-webhook-"));
  // What is acknowledged is on the disk, as in production.
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, "postgres"), durable: true });
  const started: Contender[] = [];
  try {
    const start = async (contender: Promise<Contender>): Promise<Measured> => {
      started.push(await contender);
      return { contender: await contender, next: 1, answered: 0, ended: null, saturated: [], paced: null };
    };
    const noOp = await start(startNoOp(path.join(folder, "no-op")));
    const express = await start(startExpress(server.url, path.join(folder, "express"), TASKS));
    const drizzleRoute = await start(startDrizzleRoute(server.url, path.join(folder, "drizzle-route"), TASKS));
    const ours = await start(startOurs(server.url, TASKS));
    const other = options.other ? await start(startOtherVersion(server.url, options.other, TASKS)) : null;
    const all = [ours, ...(other ? [other] : []), drizzleRoute, express, noOp];

    for (const one of all) await load(one, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round += 1) {
      for (const one of all) one.saturated.push(await load(one, seconds));
    }
    for (const one of all) {
      await checkpoint(server.url);
      const deliveries = take(one, PACE.perSecond * PACE.seconds);
      one.paced = await keepPace(one.contender.origin, () => shift(deliveries), PACE);
      one.answered += one.paced.sent - one.paced.failed;
      one.ended = await one.contender.countEnded();
    }

    const rate = (one: Measured) => median(one.saturated.map(({ perSecond }) => perSecond));
    const rows = all.map((one) => {
      return [
        one.contender.name,
        rate(one).toFixed(0),
        (rate(ours) / rate(one)).toFixed(2),
        median(one.saturated.map(({ p50Ms }) => p50Ms)).toFixed(1),
        median(one.saturated.map(({ p99Ms }) => p99Ms)).toFixed(1),
        (one.paced?.p50Ms ?? Number.NaN).toFixed(1),
        (one.paced?.p99Ms ?? Number.NaN).toFixed(1),
      ];
    });
    for (const { contender } of all) await contender.stop();
    const head = ["endpoint", "a second", "ours of it", "p50, ms", "p99, ms", "p50 at 100/s", "p99 at 100/s"];
    console.info(textTable(head, rows));

    const failures = all.flatMap(({ contender: { name }, saturated, paced, answered, ended }) => [
      ...(ended === null || ended === answered
        ? []
        : [`${name} has answered ${answered} with 2xx, and stored ${ended}.`]),
      ...([...saturated, paced].some((result) => result?.failed) ? [`${name} has not answered each with 2xx.`] : []),
    ]);
    const p99AtPace = ours.paced?.p99Ms ?? Number.NaN;
    const isBelow = (one: Measured, share: number) => !(rate(ours) >= share * rate(one));
    if (isBelow(drizzleRoute, BARS.ofDrizzleRoute)) failures.push("We are slower than a Drizzle transaction.");
    if (other && isBelow(other, BARS.ofOtherVersion)) {
      failures.push(`We are below ${BARS.ofOtherVersion} of the other version.`);
    }
    if (!(p99AtPace < BARS.p99MsAtPace)) failures.push(`p99 at a steady pace is not under ${BARS.p99MsAtPace} ms.`);
    for (const failure of failures) console.info(failure);
    return failures.length === 0 ? 0 : 1;
  } finally {
    for (const contender of started) await contender.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Has Postgres write down now what the runs before have left it with, and not beside what comes. */
async function checkpoint(serverUrl: string): Promise<void> {
  const sql = postgres(serverUrl, { max: 1 });
  await sql`checkpoint`;
  await sql.end();
}

/** One run as fast as it can. */
async function load(one: Measured, forSeconds: number): Promise<LoadResult> {
  const deliveries = take(one, forSeconds * AT_MOST_PER_SECOND);
  const before = deliveries.length;
  const result = await saturate(one.contender.origin, () => shift(deliveries), {
    connections: CONNECTIONS,
    seconds: forSeconds,
  });
  // What was made and not sent is for the next run.
  one.next -= deliveries.length;
  one.answered += before - deliveries.length - result.failed;
  return result;
}

/** The next deliveries, signed now. In the opposite order, since the end of an array is the cheaper one to take from. */
function take(one: Measured, count: number): Delivery[] {
  const deliveries = makeDeliveries(one.contender.path, one.next, count).reverse();
  one.next += count;
  return deliveries;
}

function shift(deliveries: Delivery[]): Delivery {
  const delivery = deliveries.pop();
  if (!delivery) throw new Error("A contender is quicker than was prepared for.");
  return delivery;
}
