import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "@/sandbox/seeded-random";

/** One thing that goes wrong on purpose: so long after so many leads have been begun. */
export interface Disruption {
  what: "kill" | "stop database";
  afterLeads: number;
  delayMs: number;
}

/**
 * When the app is killed and the database stopped. The last kill comes when all leads are in; of three and more, one
 * comes while the database is down.
 */
export function planDisruptions(options: {
  leads: number;
  seed: number;
  kills: number;
  databaseStops: number;
  stopSeconds: number;
}): Disruption[] {
  const { leads, seed, kills, databaseStops, stopSeconds } = options;
  const random = seededRandom(["disruptions", seed]);
  const stops = Array.from({ length: databaseStops }, (_, index): Disruption => {
    const share = (index + random.decimal(0.7, 1.3)) / (databaseStops + 1);
    return { what: "stop database", afterLeads: Math.max(1, Math.round(leads * share)), delayMs: random.int(0, 50) };
  });
  const [firstStop] = stops;
  const killed = Array.from({ length: kills }, (_, index): Disruption => {
    if (index === 0 && kills > 1) return { what: "kill", afterLeads: leads, delayMs: random.int(1_000, 5_000) };
    if (index === 1 && kills > 2 && firstStop) {
      return { what: "kill", afterLeads: firstStop.afterLeads, delayMs: stopSeconds * 500 };
    }
    return {
      what: "kill",
      afterLeads: Math.max(1, Math.round(leads * random.decimal(0.05, 0.95))),
      delayMs: random.int(0, 50),
    };
  });
  return [...stops, ...killed].sort((a, b) => a.afterLeads - b.afterLeads || a.delayMs - b.delayMs);
}

export interface RunningDisruptions {
  /** So many leads have been begun. */
  begun(leads: number): void;
  /** How often each has happened so far. */
  done: Record<Disruption["what"], number>;
  /** Why the app or the database did not come back; undefined where they did. */
  failure(): unknown;
  /** Resolves when all that were set off are over. */
  over(): Promise<void>;
}

/** Sets each disruption off when its moment has come. Two of one sort never overlap; of two sorts they may. */
export function runDisruptions(
  plan: Disruption[],
  act: Record<Disruption["what"], () => Promise<void>>,
): RunningDisruptions {
  const waiting = [...plan];
  const done = { kill: 0, "stop database": 0 };
  const queues: Record<Disruption["what"], Promise<void>> = {
    kill: Promise.resolve(),
    "stop database": Promise.resolve(),
  };
  let failure: unknown;
  const setOff = ({ what, delayMs }: Disruption) => {
    const moment = sleep(delayMs);
    queues[what] = queues[what]
      .then(async () => {
        await moment;
        await act[what]();
        done[what] += 1;
      })
      .catch((error: unknown) => {
        failure ??= error;
      });
  };
  return {
    begun(leads) {
      while (waiting[0] && waiting[0].afterLeads <= leads) {
        const next = waiting.shift();
        if (next) setOff(next);
      }
    },
    done,
    failure: () => failure,
    async over() {
      await Promise.all(Object.values(queues));
    },
  };
}
