import { after } from "next/server";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

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
      // Loaded once it is needed: a route that has just been started answers the sooner.
      const { lookAfter } = await import("@/lib/tasks/look-after");
      await lookAfter(appContext());
    } catch (error) {
      log.error("look_after_failed", error);
    }
  });
}
