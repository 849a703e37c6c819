import { parseSetCookieHeader } from "better-auth/cookies";

export interface SessionCookie {
  name: string;
  value: string;
  path: string;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "lax" | "strict";
  /** In seconds; 0 takes it away. */
  maxAge: number | undefined;
}

/** The cookies of an answer of better-auth, one by one, for a framework that sets them itself. */
export function readSessionCookies(headers: Headers): SessionCookie[] {
  return headers.getSetCookie().flatMap((line) =>
    [...parseSetCookieHeader(line)].map(([name, cookie]) => ({
      name,
      value: cookie.value,
      path: cookie.path ?? "/",
      httpOnly: cookie.httponly === true,
      secure: cookie.secure === true,
      sameSite: cookie.samesite === "strict" ? ("strict" as const) : ("lax" as const),
      maxAge: cookie["max-age"],
    })),
  );
}
