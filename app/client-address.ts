/**
 * The address that a request came from, as the proxy nearest to us saw it: each proxy adds the address that it sees at the
 * end of X-Forwarded-For, and what stands before that the client may have made up. Next adds it where there is no proxy.
 */
export function clientAddress(headers: Headers): string | null {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() || null;
}
