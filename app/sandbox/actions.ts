"use server";

import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { action } from "@/app/action";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { FAULT_IDS, FAULTS } from "@/app/sandbox/faults";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { submitLead } from "@/lib/pipeline/submit";

/** Submits a lead for which the sandbox misbehaves; refused where the API is the real one, which would charge it. */
export const causeFault = action({
  may: "member",
  input: z.enum(FAULT_IDS, "There is no such fault."),
  run: async ({ context, input: id }) => {
    if (!env().sixtyfour.isSandbox) throw new AppError("conflict", "Faults can be caused in the sandbox alone.");
    const { title, company } = FAULTS[id];
    const lead = { name: `${title} ${randomBytes(2).toString("hex")}`, company };
    const input = { kind: "find_email", lead, options: { mode: "PROFESSIONAL" } } as const;
    const { taskId } = await submitLead(context, { input, formKey: randomUUID() });
    return { taskId };
  },
  audit: ({ value: { taskId } }) => ({ action: "submission.submit", subject: { type: "task", id: taskId } }),
  after: runJobsAfterwards,
});
