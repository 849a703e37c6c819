import type { Route } from "next";

/** All paths of this app are made of such segments; none needs an encoded character, a backslash or an empty segment. */
const OWN_PATH = /^\/(?:[\w~.-]+\/)*[\w~.-]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop some of them from an address, which changes where it leads.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Returns `given` as a normalized path of this app, to continue at after signing in. Anything else becomes the start page,
 * such as a path that leads to another site once a browser has normalized it.
 */
export function ownPath(given: unknown): Route {
  if (typeof given !== "string" || !given.startsWith("/") || CONTROL_CHARACTER.test(given)) return "/";
  if (given.split(/[?#]/, 1)[0]?.includes("\\")) return "/";
  const base = "http://own.invalid";
  const url = URL.canParse(given, base) ? new URL(given, base) : null;
  if (url?.origin !== base || !OWN_PATH.test(url.pathname) || url.pathname === "/sign-in") return "/";
  return `${url.pathname}${url.search}` as Route;
}

/** Where to sign in, and come back from to `path`. */
export function signInHref(path: string | null): Route {
  const next = ownPath(path);
  return next === "/" ? "/sign-in" : (`/sign-in?next=${encodeURIComponent(next)}` as Route);
}
