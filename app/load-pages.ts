import { WEBHOOK_PATH } from "@/lib/env";

/** Once a webhook that waited for the server has been answered, and before most people would be there. */
const AFTER_MS = 3_000;
/** What all pages share, and nothing of the database where nobody is signed in; and the door, which refuses a GET unread. */
const PATHS = ["/sign-in", WEBHOOK_PATH];

/**
 * Has the server ask itself for a page and for the webhook's route, soon after its start. next.config.ts lets it load none
 * before the first request, so that no webhook waits for pages; and whoever comes later should not wait for either.
 */
export function loadPagesSoon(port: number): void {
  setTimeout(() => loadPages(port), AFTER_MS).unref();
}

/** Nothing is lost where it fails, as where the server listens on another address alone. */
export async function loadPages(port: number): Promise<void> {
  try {
    for (const path of PATHS) {
      const response = await fetch(`http://localhost:${port}${path}`, { redirect: "manual" });
      await response.arrayBuffer();
    }
  } catch {
    // What it is for is saved time, and the next who asks loads it.
  }
}
