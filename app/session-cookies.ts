import { cookies } from "next/headers";
import type { SessionCookie } from "@/lib/access/session-cookies";

/** Sets the cookies that signing in or out asks for; in a server action alone. */
export async function setSessionCookies(given: SessionCookie[]): Promise<void> {
  const store = await cookies();
  for (const { maxAge, ...cookie } of given) store.set({ ...cookie, ...(maxAge === undefined ? {} : { maxAge }) });
}
