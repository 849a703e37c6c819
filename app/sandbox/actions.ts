"use server";

import { randomBytes, randomUUID } from "node:crypto";
import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { FAULTS, type FaultId } from "@/app/sandbox/faults";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { submitLead } from "@/lib/pipeline/submit";

/** The task that a fault is caused for, or what went wrong besides. */
export type CauseAnswer = { taskId: string } | { error: string };

/** Submits a lead for which the sandbox misbehaves; refused where the API is the real one, which would charge it. */
export async function causeFault(id: FaultId): Promise<CauseAnswer> {
  try {
    const actor = await requireActor();
    if (!env().sixtyfour.isSandbox) throw new AppError("conflict", "Faults can be caused in the sandbox alone.");
    const fault = Object.hasOwn(FAULTS, id) ? FAULTS[id] : undefined;
    if (!fault) throw new AppError("invalid_input", "There is no such fault.");
    const lead = { name: `${fault.title} ${randomBytes(2).toString("hex")}`, company: fault.company };
    const input = { kind: "find_email", lead, options: { mode: "PROFESSIONAL" } } as const;
    const { taskId } = await submitLead(appContext(), { input, formKey: randomUUID() });
    await recordAudit(appContext(), { actor, action: "submission.submit", subject: { type: "task", id: taskId } });
    runJobsAfterwards();
    return { taskId };
  } catch (error) {
    return { error: complaintOf(error) };
  }
}
