/** Set by `proxy.ts` on each request for a page, whatever the client sent: the path and query that were asked for. */
export const PATH_HEADER = "x-dashboard-path";
/** The nonce of the page's Content-Security-Policy. */
export const NONCE_HEADER = "x-nonce";
