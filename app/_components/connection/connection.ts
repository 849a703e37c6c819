import { useSyncExternalStore } from "react";

/** The connection between this tab and the server, as its requests find it. */
export interface Connection {
  /** `silent`: a page has been asked for, and the server does not answer. Null while all is well. */
  trouble: "offline" | "unreachable" | "silent" | null;
  /** The time of the last answer, in Unix milliseconds of the browser's clock: nothing on the page is newer. */
  answeredAt: number;
  /** The server runs another build than this tab. */
  isOutdated: boolean;
}

const HEALTH_PATH = "/api/health";
const BUILD_HEADER = "x-build";
/** The server gives up on Sixtyfour after 20 seconds, so it answers most actions by then. */
const ACTION_WITHIN_SECONDS = 30;
const PROBE_WITHIN_MS = 10_000;
/** Waits between two probes while the server is out of reach; the last one is repeated. */
const PROBE_AGAIN_AFTER_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
/** Answers of a proxy whose server is away. */
const GATEWAY_STATUSES = new Set([502, 503, 504]);

let connection: Connection = { trouble: null, answeredAt: Date.now(), isOutdated: false };
let ownBuild: string | undefined;
let probing: Promise<boolean> | undefined;
let failedProbes = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isLeaving = false;
/** The probes must not be watched themselves. */
let plainFetch: typeof fetch;
const listeners = new Set<() => void>();

export function getConnection(): Connection {
  return connection;
}

function onConnectionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

const ON_SERVER: Connection = { trouble: null, answeredAt: 0, isOutdated: false };

export function useConnection(): Connection {
  return useSyncExternalStore(onConnectionChange, getConnection, () => ON_SERVER);
}

function change(next: Partial<Connection>): void {
  connection = { ...connection, ...next };
  for (const listener of listeners) listener();
}

/** Called once with the build that made the page. */
export function setOwnBuild(build: string): void {
  ownBuild ??= build;
}

/** Called with each answer of our server. */
export function noteAnswer(response: Response): void {
  // Without a change of trouble nothing is drawn by this, so nobody has to be told.
  connection = { ...connection, answeredAt: Date.now() };
  if (isTroubled(connection) && !isGatewayFailure(response)) noteReachable();
  const build = response.headers.get(BUILD_HEADER);
  if (build && ownBuild && build !== ownBuild) noteNewBuild();
}

function noteReachable(): void {
  failedProbes = 0;
  clearTimeout(timer);
  if (connection.trouble !== null) change({ trouble: null });
}

function isTroubled({ trouble }: Connection): boolean {
  return trouble === "offline" || trouble === "unreachable";
}

export function noteNewBuild(): void {
  if (!connection.isOutdated) change({ isOutdated: true });
}

/** Called when a page that was asked for takes long, and when it has come. */
export function noteSilence(isSilent: boolean): void {
  const { trouble } = connection;
  if (isSilent && trouble === null) change({ trouble: "silent" });
  if (!isSilent && trouble === "silent") change({ trouble: null });
}

/** Seconds that actions under way may take, of those that may take long. */
const longActions: number[] = [];

/** Calls an action that may take so long. The router does not say which action a request is for, so others may then too. */
export async function allowSeconds<T>(seconds: number, action: () => Promise<T>): Promise<T> {
  longActions.push(seconds);
  try {
    return await action();
  } finally {
    longActions.splice(longActions.indexOf(seconds), 1);
  }
}

/** Returns the seconds within which an action that is sent now has to be answered. */
export function secondsForAction(): number {
  return Math.max(ACTION_WITHIN_SECONDS, ...longActions);
}

/** Pages that were asked for and wait until the server is back. */
let heldPages = 0;

/** Waits until the server answers, for a page that could not be had. */
export async function holdPage(): Promise<void> {
  heldPages += 1;
  await untilReachable();
  heldPages -= 1;
}

/** True while a page that was asked for waits for the server: the router does nothing else before it has come. */
export function isPageHeld(): boolean {
  return heldPages > 0 || connection.trouble === "silent";
}

export function isGatewayFailure({ status, headers }: Response): boolean {
  // Our own routes answer 503 with problem details: then the server is there.
  return GATEWAY_STATUSES.has(status) && !headers.get("content-type")?.includes("json");
}

/**
 * Called when a request failed: finds out whether the server can be reached at all. Until it can, it is asked again and
 * again, less and less often.
 *
 * @returns true if it answers now
 */
export function checkConnection(): Promise<boolean> {
  probing ??= probe().finally(() => {
    probing = undefined;
  });
  return probing;
}

async function probe(): Promise<boolean> {
  clearTimeout(timer);
  if (isLeaving) return false;
  try {
    const signal = AbortSignal.timeout(PROBE_WITHIN_MS);
    const response = await plainFetch(HEALTH_PATH, { cache: "no-store", signal });
    if (isGatewayFailure(response)) throw new Error("The server is away.");
    noteAnswer(response);
    noteReachable();
    return true;
  } catch {
    const waitMs = PROBE_AGAIN_AFTER_MS[Math.min(failedProbes, PROBE_AGAIN_AFTER_MS.length - 1)];
    failedProbes += 1;
    if (!isLeaving) {
      const trouble = navigator.onLine ? "unreachable" : "offline";
      if (connection.trouble !== trouble) change({ trouble });
      timer = setTimeout(() => void checkConnection(), waitMs);
    }
    return false;
  }
}

/** Resolves once the server answers. */
export async function untilReachable(): Promise<void> {
  if (await checkConnection()) return;
  await new Promise<void>((resolve) => {
    const stop = onConnectionChange(() => {
      if (connection.trouble !== null) return;
      stop();
      resolve();
    });
  });
}

/** Hears from the browser what may have changed; called once. */
export function listenForTrouble(): void {
  const check = () => void checkConnection();
  window.addEventListener("offline", () => change({ trouble: "offline" }));
  window.addEventListener("online", check);
  // The app may have been deployed meanwhile.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) check();
  });
  // A script that is gone from the server; such an event does not bubble.
  window.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLScriptElement) check();
    },
    { capture: true },
  );
  window.addEventListener("pagehide", () => {
    isLeaving = true;
  });
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });
}

/** The browser's own `fetch`, for the probes. */
export function setPlainFetch(browserFetch: typeof fetch): void {
  plainFetch = browserFetch;
}

/** True while the browser goes to another document, which cuts off requests. */
export function isPageLeft(): boolean {
  return isLeaving;
}
