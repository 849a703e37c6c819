import type { Route } from "next";

/**
 * A path of this app, to go on to after signing in. Whatever else it is given, such as an address of somebody else's that
 * only looks like a path, becomes the start page.
 */
export function ownPath(given: unknown): Route {
  if (typeof given !== "string" || !/^\/(?![/\\])/.test(given)) return "/";
  const base = "http://own.invalid";
  const url = URL.canParse(given, base) ? new URL(given, base) : null;
  if (url?.origin !== base || url.pathname === "/sign-in") return "/";
  return `${url.pathname}${url.search}` as Route;
}

/** Where to sign in, and come back from to `path`. */
export function signInHref(path: string | null): Route {
  const next = ownPath(path);
  return next === "/" ? "/sign-in" : (`/sign-in?next=${encodeURIComponent(next)}` as Route);
}
