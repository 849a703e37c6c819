import { after } from "next/server";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { lookAfter } from "@/lib/tasks/look-after";

const EVERY_MS = 5_000;
let lastAt = 0;

/**
 * Lets a request that is answered anyway look after open tasks, where no timer can: on serverless hosts. It is a help and
 * no promise: the host may end the process after the answer, and whatever was left is done by the next one.
 */
export function reconcileAfterwards(): void {
  if (!env().isServerless || Date.now() - lastAt < EVERY_MS) return;
  lastAt = Date.now();
  after(async () => {
    try {
      await lookAfter(appContext());
    } catch (error) {
      log.error("look_after_failed", error);
    }
  });
}
