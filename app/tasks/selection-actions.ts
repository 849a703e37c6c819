"use server";

import { z } from "zod";
import { action } from "@/app/action";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { eraseSelected, pollSelected, requireMayErase, resubmitSelected } from "@/lib/pipeline/selected-tasks";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

const VERBS = { poll: pollSelected, resubmit: resubmitSelected, erase: eraseSelected };
export type SelectionVerb = keyof typeof VERBS;

/** By ids, or all under the address's query up to the task that was the newest then. */
const selection = z.union([
  z.object({ ids: z.array(z.uuid()).min(1).max(10_000) }),
  z.object({ query: z.string().max(5_000), upToId: z.uuid() }),
]);
export type GivenSelection = z.input<typeof selection>;

/** Does one thing to some of the selected tasks; to be called again while there are more. */
export const doToSelection = action({
  may: "member",
  input: z.object({ verb: z.enum(["poll", "resubmit", "erase"]), selection }),
  invalid: "Nothing is selected. Load the page again.",
  reassurance: "What was done so far is done; try again.",
  run: async ({ context, actor, input: { verb, selection: given } }) => {
    const selected =
      "ids" in given ? given : { filter: parseTaskFilter(new URLSearchParams(given.query)), upToId: given.upToId };
    if (verb === "erase") await requireMayErase(context, actor, selected);
    return VERBS[verb](context, selected);
  },
  audit: ({ input: { verb }, value: { done } }) => ({ action: `tasks.${verb}`, detail: { tasks: done } }),
  after: runJobsAfterwards,
});
