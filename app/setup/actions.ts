"use server";

import { revalidatePath } from "next/cache";
import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { type PreflightView, toPreflightView } from "@/app/setup/preflight-view";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import { runPreflight } from "@/lib/setup/preflight";

export type PreflightState = PreflightView | { error: string } | null;

/** Sends the app a test delivery through its public address. The result is shown, and kept for the next look. */
export async function preflight(_previous: PreflightState, _form: FormData): Promise<PreflightState> {
  try {
    const actor = await requireActor("admin");
    const report = await runPreflight(appContext());
    const view = toPreflightView(report);
    await recordAudit(appContext(), { actor, action: "setup.preflight", detail: { state: view.state } });
    revalidatePath("/setup");
    return view;
  } catch (error) {
    return { error: complaintOf(error, "Nothing was kept") };
  }
}
