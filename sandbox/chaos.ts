/**
 * Faults for a whole run. The faults of a lead follow from a seed and the lead alone, so a run repeats exactly, in
 * whatever order its leads are submitted.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { canonicalJson, type SeededRandom, seededRandom } from "@/sandbox/seeded-random";

const probability = z.number().min(0).max(1).default(0);

export const chaosSettings = z.strictObject({
  seed: z.int().default(1),
  /** The job is accepted, and the connection broken before the answer. */
  loseAnswer: probability,
  /** The first one or two submits of the lead are refused with 429. */
  refuse429: probability,
  /** The webhook is lost for good. */
  dropWebhook: probability,
  /** The webhook comes twice: at the same moment or, where `reorder` wants it, long after. */
  twice: probability,
  /** An extra delivery of the same task_id, with a wrong result, a wrong signature and a guessed address. */
  forge: probability,
  /** The webhook waits, so that those of other jobs overtake it. */
  reorder: probability,
});
export type ChaosSettings = z.output<typeof chaosSettings>;
export type ChaosOptions = z.input<typeof chaosSettings>;

/** The faults of one accepted job. */
export const chaosFate = z.object({
  isAnswerLost: z.boolean(),
  isWebhookLost: z.boolean(),
  /** From the job's end to its webhook. */
  waitMs: z.number(),
  /** From the webhook to a second copy of it; null where there is none. */
  againAfterMs: z.number().nullable(),
  /** On which side of the right delivery a forged one comes. */
  forged: z.enum(["before", "after"]).nullable(),
});
export type ChaosFate = z.infer<typeof chaosFate>;

export interface Chaos {
  set(settings: ChaosSettings): void;
  /** True if this submit is refused with 429. Each call counts as one submit. */
  refuses(path: string, leads: unknown[]): boolean;
  /** Returns the faults of the job that this submit starts; null while chaos is off. Each call counts as one job. */
  decide(path: string, leads: unknown[]): ChaosFate | null;
  /** How many submits were refused. */
  refusals(): number;
  clear(): void;
}

const MAX_REFUSALS = 2;
const WAIT_MS = [200, 4_000] as const;
const LONG_AFTER_MS = [5_000, 15_000] as const;

/** The chaos of one sandbox; off until it is set. */
export function createChaos(): Chaos {
  let settings: ChaosSettings | null = null;
  let refused = new Map<string, number>();
  let accepted = new Map<string, number>();

  return {
    set(given) {
      settings = given;
    },
    refuses(path, leads) {
      if (!settings) return false;
      const key = canonicalJson([path, leads]);
      const random = seededRandom(["refuse429", settings.seed, key]);
      const times = random.chance(settings.refuse429) ? random.int(1, MAX_REFUSALS) : 0;
      const before = refused.get(key) ?? 0;
      if (before >= times) return false;
      refused.set(key, before + 1);
      return true;
    },
    decide(path, leads) {
      if (!settings) return null;
      const { seed } = settings;
      const key = canonicalJson([path, leads]);
      // A second job of the same lead has a fate of its own, or what befell the first would befall each one.
      const ordinal = (accepted.get(key) ?? 0) + 1;
      accepted.set(key, ordinal);
      return drawFate(settings, (fault) => seededRandom([fault, seed, key, ordinal]));
    },
    refusals: () => [...refused.values()].reduce((total, count) => total + count, 0),
    clear() {
      settings = null;
      refused = new Map();
      accepted = new Map();
    },
  };
}

/** Each fault has a chance of its own, so that changing one probability leaves the others' victims as they were. */
function drawFate(settings: ChaosSettings, chanceOf: (fault: string) => SeededRandom): ChaosFate {
  const reorder = chanceOf("reorder");
  const twice = chanceOf("twice");
  const forge = chanceOf("forge");
  const isLongAfter = settings.reorder > 0 && chanceOf("long after").chance(0.5);
  return {
    isAnswerLost: chanceOf("loseAnswer").chance(settings.loseAnswer),
    isWebhookLost: chanceOf("dropWebhook").chance(settings.dropWebhook),
    waitMs: reorder.chance(settings.reorder) ? reorder.int(...WAIT_MS) : 0,
    againAfterMs: twice.chance(settings.twice) ? (isLongAfter ? twice.int(...LONG_AFTER_MS) : 0) : null,
    forged: forge.chance(settings.forge) ? forge.pick(["before", "after"]) : null,
  };
}

const FORGERS_SECRET = `sk_whsec_${"f".repeat(64)}`;

/**
 * A delivery by somebody who knows the task_id and our address, and neither the signing secret nor what the address'
 * query holds. Half of them have even seen the right event id.
 */
export function forgeDelivery(target: { taskId: string; taskType: string; webhookUrl: string; eventId: string }) {
  const random = seededRandom(["forgery", target.taskId]);
  const url = new URL(target.webhookUrl);
  if (random.chance(0.3)) url.search = "";
  for (const [name, value] of [...url.searchParams]) {
    url.searchParams.set(name, Array.from(value, () => random.pick(["A", "b", "7", "x", "Q", "0"])).join(""));
  }
  return {
    url: url.href,
    secret: FORGERS_SECRET,
    eventId: random.chance(0.5) ? target.eventId : randomUUID(),
    body: {
      task_id: target.taskId,
      status: random.chance(0.8) ? "completed" : "failed",
      task_type: target.taskType,
      result: { name: "Forged", company: "Forged", email: [["forged@example.org", "OK"]], cost_cents: 1 },
      error: "Forged",
    },
  };
}
