/**
 * True for a Host header that names this machine: localhost, a name below it, or a loopback address. An open dashboard
 * answers no other, since any website could point its own name at 127.0.0.1 and have a visitor's browser read and submit
 * (DNS rebinding); browsers let no page set this header. Without the header no browser asks, so that is let be.
 */
export function isLocalHost(host: string | null): boolean {
  if (host === null) return true;
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname, host: normalized, username, pathname } = new URL(`http://${host}`);
  if (username || pathname !== "/" || !normalized) return false;
  const name = hostname.replace(/\.$/, "");
  return name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);
}
