/** Switches of one sandbox, which a test sets by the control endpoint. */
import { z } from "zod";

export const settingsPatch = z
  .strictObject({
    /** False: a people request's dispatch_id is ignored, and named in unrecognized_fields. */
    dispatchIds: z.boolean(),
    /** True: the gated tiers are accepted. */
    tierAccess: z.boolean(),
    /** True: numbers come as texts, texts as numbers, and the submit answer's status as null. */
    looseTypes: z.boolean(),
    /** True: the rows of small result files stand inline in job-status, without a link. */
    inlineResults: z.boolean(),
    /** The webhook of a file job: the task's, or a workflow's envelope. */
    fileWebhook: z.enum(["task", "workflow"]),
    /** The fault in the enrichment's file. */
    fileDamage: z.enum(["truncated", "unclosed_quote", "missing_rows"]).nullable(),
    /** The columns of the webhook's block: those of the enrichment's file and its own, or its own alone. */
    webhookBlock: z.enum(["all_columns", "own_columns"]),
    /** How many answers of job-status to come have no link, and of which blocks: of the enrichment's by default. */
    nullLinks: z.strictObject({ count: z.int().min(0), blocks: z.array(z.int()).optional() }),
  })
  .partial();

export type SettingsPatch = z.infer<typeof settingsPatch>;
type Values = Required<SettingsPatch>;
export type FileDamage = NonNullable<Values["fileDamage"]>;

const DEFAULTS: Values = {
  dispatchIds: true,
  tierAccess: false,
  looseTypes: false,
  inlineResults: false,
  fileWebhook: "task",
  fileDamage: null,
  webhookBlock: "all_columns",
  nullLinks: { count: 0 },
};

export interface Settings {
  /** Returns the values as they are now. */
  get(): Values;
  /** Changes the values that are named and leaves the others. */
  set(patch: SettingsPatch): void;
  /** Counts one answer of job-status. Returns the blocks that have no link in it; null stands for the enrichment's. */
  takeNullLinks(): (number | null)[];
  clear(): void;
}

/** Creates the settings of one sandbox. */
export function createSettings(): Settings {
  let values = DEFAULTS;
  return {
    get: () => values,
    set(patch) {
      values = { ...values, ...patch };
    },
    takeNullLinks() {
      const { count, blocks } = values.nullLinks;
      if (count === 0) return [];
      values = { ...values, nullLinks: { count: count - 1, blocks } };
      return blocks ?? [null];
    },
    clear() {
      values = DEFAULTS;
    },
  };
}
