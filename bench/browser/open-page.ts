import type { Browser, BrowserContext, CDPSession, Page } from "@playwright/test";
import { watchPage } from "@/bench/browser/watch-page";
import type { Stack } from "@/e2e/stack";

/** How much slower than this machine's the processor is that the bars are held against. */
export const SLOWDOWN = 4;

export interface Given {
  browser: Browser;
  stack: Stack;
  /** Cookies of somebody who is signed in. */
  session: Awaited<ReturnType<BrowserContext["storageState"]>>;
  rounds: number;
}

/** A page of a browser that has been nowhere yet; nothing is in its cache. */
export async function openPage(
  { browser, stack, session }: Given,
  isSignedIn = true,
): Promise<{ page: Page; cdp: CDPSession }> {
  const context = await browser.newContext({
    baseURL: stack.app.url,
    viewport: { width: 1280, height: 800 },
    ...(isSignedIn ? { storageState: session } : {}),
  });
  const page = await context.newPage();
  await watchPage(page);
  return { page, cdp: await context.newCDPSession(page) };
}

export const slowDown = (cdp: CDPSession, rate: number) => cdp.send("Emulation.setCPUThrottlingRate", { rate });
