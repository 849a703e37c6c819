"use server";

import { z } from "zod";
import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";
import {
  eraseSelected,
  pollSelected,
  requireMayErase,
  resubmitSelected,
  type SelectedOutcome,
  type Selection,
} from "@/lib/pipeline/selected-tasks";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

const selected = z.union([
  z.object({ ids: z.array(z.uuid()).min(1).max(10_000) }),
  z.object({ query: z.string().max(5_000), upToId: z.uuid() }),
]);
/** What was chosen, as the page tells it: by ids, or all under the address's query up to the newest of then. */
export type GivenSelection = z.input<typeof selected>;

export type SelectionAnswer = SelectedOutcome | { error: string };

const VERBS = { poll: pollSelected, resubmit: resubmitSelected, erase: eraseSelected };
export type SelectionVerb = keyof typeof VERBS;

/** Does one thing to some of the tasks that were chosen; to be called again while there are more. */
export async function doToSelection(verb: SelectionVerb, given: GivenSelection): Promise<SelectionAnswer> {
  try {
    const actor = await requireActor();
    const parsed = selected.safeParse(given);
    const work = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (!parsed.success || !work) throw new AppError("invalid_input", "Nothing is selected. Load the page again.");
    const selection = toSelection(parsed.data);
    if (verb === "erase") await requireMayErase(appContext(), actor, selection);
    const outcome = await work(appContext(), selection);
    await recordAudit(appContext(), { actor, action: `tasks.${verb}`, detail: { tasks: outcome.done } });
    runJobsAfterwards();
    return outcome;
  } catch (error) {
    return { error: complaintOf(error, "What was done so far is done") };
  }
}

function toSelection(given: z.output<typeof selected>): Selection {
  if ("ids" in given) return given;
  return { filter: parseTaskFilter(new URLSearchParams(given.query)), upToId: given.upToId };
}
