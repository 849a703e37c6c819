"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { requireActor } from "@/app/access";
import { complaint } from "@/app/complaint";
import { markSeen } from "@/lib/attention/mark-seen";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";

const seen = z.object({ outcome: z.enum(["unmatched", "conflict"]), upToId: z.uuid() });

/** Takes deliveries off the list of what needs a person. What went wrong, in a sentence; null where nothing did. */
export async function dismiss(_previous: string | null, form: FormData): Promise<string | null> {
  return complaint(async () => {
    const actor = await requireActor();
    const parsed = seen.safeParse(Object.fromEntries(form));
    if (!parsed.success) throw new AppError("invalid_input", "Load the page again, and try once more.");
    await markSeen(appContext(), parsed.data);
    await recordAudit(appContext(), { actor, action: "delivery.dismiss", detail: { outcome: parsed.data.outcome } });
    revalidatePath("/");
  });
}
