"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action, inputs, ticked } from "@/app/action";
import { taskHref } from "@/app/tasks/task-href";
import type { AuditAction } from "@/lib/audit/audit-view";
import { AppError } from "@/lib/errors";
import { fetchRowsNow } from "@/lib/pipeline/fetch-rows";
import { pollTask } from "@/lib/pipeline/poll";
import { requireMayErase } from "@/lib/pipeline/selected-tasks";
import { sendAgain } from "@/lib/pipeline/send-again";
import { eraseTask } from "@/lib/tasks/erase";

const taskId = z.string().regex(/^[0-9a-f-]{36}$/i, "There is no such task.");
type Done = { input: { taskId: string } };

const audit =
  (name: AuditAction) =>
  ({ input }: Done) => ({ action: name, subject: { type: "task" as const, id: input.taskId } });
const after = ({ input }: Done) => redirect(taskHref(input.taskId));

/** "Poll now": asks Sixtyfour for the task's status, and returns the outcome. */
export const pollNow = action({
  may: "member",
  input: inputs({ taskId }),
  run: async ({ context, input }) => ({ outcome: await pollTask(context, { ...input, by: "person" }) }),
  audit: audit("task.poll"),
});

/** Sends a waiting task again; an unconfirmed one only where the person ticked that it may be charged twice. */
export const sendNow = action({
  may: "member",
  input: inputs({ taskId, acceptDoubleCharge: z.string().transform((box) => box === "on") }),
  run: async ({ context, input }) => {
    await sendAgain(context, input);
  },
  audit: audit("task.send_again"),
  after,
});

/** Fetches a file's rows now, also after the automatic fetch has given up. */
export const fetchNow = action({
  may: "member",
  input: inputs({ taskId }),
  run: async ({ context, input }) => {
    const outcome = await fetchRowsNow(context, input);
    if (outcome.type === "later") {
      throw new AppError("upstream", "Sixtyfour did not give the file just now. We go on asking.");
    }
  },
  audit: audit("task.fetch"),
  after,
});

/** Erases the leads of a task, once the person has ticked the box. */
export const eraseLead = action({
  may: "member",
  input: inputs({ taskId, sure: ticked() }),
  run: async ({ context, actor, input }) => {
    await requireMayErase(context, actor, { ids: [input.taskId] });
    await eraseTask(context, input.taskId);
  },
  audit: audit("task.erase"),
  after,
});
