/** What a request says of the way it came, and what can't work on that way. Browser and proxy write these headers. */
import { type Access, type Env, isLoopback } from "@/lib/env";
import type { RequestWay } from "@/lib/setup/setup-facts";

/** The name under which the request reached the app, as Next takes it. */
function hostOf(headers: Headers): string | null {
  return headers.get("x-forwarded-host")?.split(",")[0]?.trim() || headers.get("host");
}

/**
 * Tells the person at the sign-in why it can't work over http, or null. The browser's own word counts, since a proxy that
 * ends TLS may not say that it did; browsers take localhost for safe.
 */
export function insecureOriginProblem(access: Access, headers: Headers): string | null {
  const origin = readOrigin(headers);
  if (access.mode !== "sign_in" || !access.isSecure || !origin) return null;
  if (origin.protocol !== "http:" || isLoopback(origin.hostname)) return null;
  const better = access.origin.startsWith("https:") ? access.origin : "an https address of this dashboard";
  return (
    `You opened this page over http, at ${forPerson(origin.host)}. Sign-in needs https: browsers drop its cookie otherwise, ` +
    `and you would end up here again. Open ${better}, or http://localhost on the machine itself.`
  );
}

/**
 * Returns the origin at which to sign in if the request names this machine in another way than providers know it, or null.
 * Providers send people back to one origin alone, and browsers keep the cookies of localhost and 127.0.0.1 apart.
 */
export function originForProviders(access: Access, headers: Headers): string | null {
  if (access.mode !== "sign_in" || Object.keys(access.providers).length === 0) return null;
  const own = new URL(access.origin);
  const url = `${own.protocol}//${hostOf(headers) ?? ""}`;
  if (!URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  const isOtherName = hostname !== own.hostname && port === own.port;
  return isOtherName && isLoopback(hostname) && isLoopback(own.hostname) ? access.origin : null;
}

export interface RewrittenHost {
  /** What the browser sent the form to. */
  named: string;
  /** What the app was asked for. */
  seen: string;
}

/** Next refuses a form whose Origin is not the host that it was sent to: another site's, or one whose Host was rewritten. */
export function rewrittenHost(headers: Headers): RewrittenHost | null {
  const origin = readOrigin(headers);
  const seen = hostOf(headers);
  return origin && seen !== origin.host ? { named: forPerson(origin.host), seen: forPerson(seen ?? "none") } : null;
}

export function rewrittenHostSentence({ named, seen }: RewrittenHost): string {
  return (
    `The form was sent to ${named}, and the app was asked for ${seen}, so nothing was done. A proxy in front of the app rewrites ` +
    "the Host header: have it pass on the Host that the browser names, or send that as X-Forwarded-Host."
  );
}

/** The way by which this request came, for the checklist. A page of another site is none that it came from. */
export function requestWay(headers: Headers, { alerts, keepAliveMs }: Pick<Env, "alerts" | "keepAliveMs">): RequestWay {
  const host = hostOf(headers) ?? "";
  const referer = headers.get("referer");
  const isOwn = headers.get("sec-fetch-site") === "same-origin";
  const url = `http://${host}`;
  return {
    appUrl: alerts.appUrl ?? null,
    host: forPerson(host),
    refererHost: isOwn && referer && URL.canParse(referer) ? forPerson(new URL(referer).host) : null,
    isHttps: headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https",
    isLoopback: URL.canParse(url) && isLoopback(new URL(url).hostname),
    keepAliveSeconds: Math.round(keepAliveMs / 1000),
  };
}

function readOrigin(headers: Headers): URL | null {
  const origin = headers.get("origin");
  return origin && URL.canParse(origin) ? new URL(origin) : null;
}

/** Whoever calls may have written it. */
function forPerson(host: string): string {
  return /^[\w.:[\]-]{1,100}$/.test(host) ? host : "(unreadable)";
}
