"use server";

import { revalidatePath } from "next/cache";
import { action, inputs } from "@/app/action";
import { toPreflightView } from "@/app/setup/preflight-view";
import { runPreflight } from "@/lib/setup/preflight";

/** Sends the app a test delivery through its public address. The result is shown, and kept for the next look. */
export const preflight = action({
  may: "admin",
  input: inputs({}),
  reassurance: "Nothing was kept; try again.",
  run: async ({ context }) => toPreflightView(await runPreflight(context)),
  audit: ({ value: { state } }) => ({ action: "setup.preflight", detail: { state } }),
  after: () => revalidatePath("/setup"),
});
