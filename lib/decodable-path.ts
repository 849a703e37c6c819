import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * Returns an address whose path can be decoded: a percent sign that begins no character of UTF-8 stands for itself, as
 * `%25`. An address that is right stays as it is, and so does any query.
 */
export function decodablePath(url: string): string {
  const end = url.search(/[?#]/);
  const path = end < 0 ? url : url.slice(0, end);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll("%", "%25") + url.slice(path.length);
  }
}

/**
 * From now on a request of this process whose path can't be decoded is one for a path that does not exist. Next would answer
 * it with a 500 where a part of the path is a parameter. See {@link decodablePath}.
 */
export function repairPaths(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    if (request.url?.includes("%")) request.url = decodablePath(request.url);
  });
}
