import { parseArgs } from "node:util";
import { ConfigError } from "@/lib/errors";

/** How one soak goes. */
export interface SoakOptions {
  leads: number;
  /** Copies of the app on the one database. */
  instances: number;
  /** The same seed makes the same leads with the same faults. */
  seed: number;
  /** How often the app is killed with -9. */
  kills: number;
  databaseStops: number;
  stopSeconds: number;
  /** People who submit at the same time. */
  concurrency: number;
  /** DELIVERY_WINDOW_SECONDS of the app. */
  deliveryWindowSeconds: number;
  /** Without a signing secret: only the tokens tell a forgery. */
  unsigned: boolean;
  /** Through a real PgBouncer, on one connection. */
  pooled: boolean;
  /** The sandbox's wait before its second attempt; each later one is twice as long. */
  retryBaseMs: number;
  /** After that, what is still open counts as lost. */
  deadlineSeconds: number;
}

const DEFAULTS: SoakOptions = {
  leads: 2_000,
  instances: 2,
  seed: 1,
  kills: 5,
  databaseStops: 2,
  stopSeconds: 30,
  concurrency: 8,
  deliveryWindowSeconds: 120,
  unsigned: false,
  pooled: false,
  retryBaseMs: 1_000,
  deadlineSeconds: 0,
};

const PRESETS: Record<string, Partial<SoakOptions>> = {
  ci: { leads: 80, kills: 2, databaseStops: 1, stopSeconds: 3, deliveryWindowSeconds: 5, retryBaseMs: 250 },
};

const NUMBERS = {
  leads: "leads",
  instances: "instances",
  seed: "seed",
  kills: "kills",
  "database-stops": "databaseStops",
  "stop-seconds": "stopSeconds",
  concurrency: "concurrency",
  "delivery-window": "deliveryWindowSeconds",
  "retry-base-ms": "retryBaseMs",
  "deadline-seconds": "deadlineSeconds",
} as const satisfies Record<string, keyof SoakOptions>;

/**
 * Reads the command line; a preset comes first, and what is given beside it wins.
 *
 * @throws ConfigError naming the argument that can't be read.
 */
export function readSoakOptions(args: string[]): SoakOptions {
  const names = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[];
  const given = parseOrComplain(args, names);
  const { preset } = given;
  if (preset !== undefined && !PRESETS[preset]) {
    throw new ConfigError(`There is no preset ${preset}: use ${Object.keys(PRESETS).join(", ")}, or none.`);
  }
  const options: SoakOptions = {
    ...DEFAULTS,
    ...(preset ? PRESETS[preset] : {}),
    unsigned: given.unsigned,
    pooled: given.pooled,
  };
  for (const name of names) {
    const text = given.numbers[name];
    if (text === undefined) continue;
    if (!/^\d{1,7}$/.test(text)) throw new ConfigError(`--${name} must be a whole number, and not ${text}.`);
    options[NUMBERS[name]] = Number(text);
  }
  if (options.leads < 1 || options.concurrency < 1 || options.instances < 1) {
    throw new ConfigError("--leads, --instances and --concurrency must be at least 1.");
  }
  // Late webhooks are waited for, so there is a part that does not depend on the number of leads.
  options.deadlineSeconds ||= 600 + options.deliveryWindowSeconds + Math.ceil(options.leads / 2);
  return options;
}

function parseOrComplain<Name extends string>(
  args: string[],
  names: Name[],
): { numbers: Partial<Record<Name, string>>; preset: string | undefined; unsigned: boolean; pooled: boolean } {
  const numbers: Partial<Record<Name, string>> = {};
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
        preset: { type: "string" },
        unsigned: { type: "boolean" },
        pooled: { type: "boolean" },
      },
    });
    for (const name of names) {
      const value = (values as Record<string, unknown>)[name];
      if (typeof value === "string") numbers[name] = value;
    }
    const preset = typeof values.preset === "string" ? values.preset : undefined;
    return { numbers, preset, unsigned: values.unsigned === true, pooled: values.pooled === true };
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}
