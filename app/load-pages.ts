/** Once a webhook that waited for the server has been answered, and before most people would be there. */
const AFTER_MS = 3_000;

/**
 * Has the server ask itself for a page, soon after its start: next.config.mjs lets it load none before the first request, so
 * that webhooks don't wait for them, and whoever comes first need not wait either for what all pages share.
 */
export function loadPagesSoon(port: number): void {
  setTimeout(() => loadPages(port), AFTER_MS).unref();
}

/** Nothing is lost where it fails, as where the server listens on another address alone. */
export async function loadPages(port: number): Promise<void> {
  try {
    // It reads nothing from the database where nobody is signed in.
    const response = await fetch(`http://localhost:${port}/sign-in`, { redirect: "manual" });
    await response.arrayBuffer();
  } catch {}
}
