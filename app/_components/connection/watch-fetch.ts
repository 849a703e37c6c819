import {
  checkConnection,
  holdPage,
  isGatewayFailure,
  isPageLeft,
  noteAnswer,
  noteSilence,
  secondsForAction,
  setPlainFetch,
} from "@/app/_components/connection/connection";
import { endProgressAt } from "@/app/_components/connection/progress";

/** A slow line needs longer to carry a list. */
const SLOWEST_BYTES_PER_MS = 10;
const SILENT_AFTER_MS = 10_000;
/** A server that answers probes but not for this page may never do so; then the browser shows what it gets. */
const MAX_PAGE_TRIES = 5;
const TRY_AGAIN_AFTER_MS = 500;

/**
 * Watches the requests of this tab to our server; called once, before the router makes any. Next's own handling of two
 * failures is replaced. For a page that can't be had it would leave the tab to the browser's error page: here the request waits
 * until the server is back. For an action that is never answered it would wait for ever, and hold up all later ones: here
 * the action fails after 30 seconds, or as long as it may take. No action is ever repeated by this, since it may have been done.
 */
export function watchFetch(): void {
  const plain = window.fetch.bind(window);
  setPlainFetch(plain);
  window.fetch = async (input, init) => {
    if (!isOwn(input)) return plain(input, init);
    const headers = new Headers(init?.headers);
    if (headers.has("next-action")) return watched(() => plain(input, withDeadline(init)));
    const isPage = headers.has("rsc") && !headers.has("next-router-prefetch") && (init?.method ?? "GET") === "GET";
    return isPage ? fetchPage(() => plain(input, init)) : watched(() => plain(input, init));
  };
}

function isOwn(input: RequestInfo | URL): boolean {
  const url = input instanceof Request ? input.url : String(input);
  return new URL(url, window.location.href).origin === window.location.origin;
}

async function watched(request: () => Promise<Response>): Promise<Response> {
  try {
    const response = await request();
    if (isGatewayFailure(response)) void checkConnection();
    else noteAnswer(response);
    return response;
  } catch (error) {
    if (!isAbort(error) && !isPageLeft()) void checkConnection();
    throw error;
  }
}

async function fetchPage(request: () => Promise<Response>): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const silence = setTimeout(() => noteSilence(true), SILENT_AFTER_MS);
    try {
      const response = await request();
      if (!isGatewayFailure(response) || tries === MAX_PAGE_TRIES) {
        noteAnswer(response);
        if (response.redirected) endProgressAt(response.url);
        return response;
      }
    } catch (error) {
      if (isAbort(error) || isPageLeft() || tries === MAX_PAGE_TRIES) throw error;
    } finally {
      clearTimeout(silence);
      noteSilence(false);
    }
    // A failure that repeats while the server answers probes counts; an outage, however long, is one.
    await holdPage();
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_AFTER_MS * (tries - 1)));
  }
}

function withDeadline(init: RequestInit = {}): RequestInit {
  const giveUp = new AbortController();
  const bytes = typeof init.body === "string" ? init.body.length : 0;
  setTimeout(
    () => giveUp.abort(new DOMException("The server did not answer in time.", "TimeoutError")),
    secondsForAction() * 1_000 + bytes / SLOWEST_BYTES_PER_MS,
  );
  return { ...init, signal: giveUp.signal };
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
