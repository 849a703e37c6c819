import ipaddr from "ipaddr.js";
import { readSocketAddress } from "@/lib/socket-address";

/** An IPv6 network of this size is one customer's, who may use any address of it. */
const IPV6_GROUP_BITS = 64;

/**
 * Returns the address that a request came from, or null where it is not known. Each trusted proxy adds the address that it
 * sees at the end of X-Forwarded-For, so the outermost of them added the entry that counts; what stands before that entry
 * the client may have made up. Without a trusted proxy the header is ignored, and the connection's own address counts.
 *
 * @param trustedProxies number of proxies between the internet and this app, all of which add to X-Forwarded-For
 * @returns a plain IPv4 or IPv6 address, without port and zone
 */
export function clientAddress(headers: Headers, { trustedProxies }: { trustedProxies: number }): string | null {
  const socket = parseAddress(readSocketAddress(headers) ?? "");
  if (trustedProxies <= 0) return socket;
  const entries = headers.get("x-forwarded-for")?.split(",") ?? [];
  // Fewer entries than proxies: the request went past some of them, and the header proves nothing.
  const entry = entries.at(-trustedProxies);
  return entry === undefined ? socket : parseAddress(entry);
}

/**
 * Returns what requests are counted by: an IPv4 address as it is, an IPv6 one by its /64 network. An IPv4 address inside an
 * IPv6 one (`::ffff:192.0.2.1`) is that IPv4 address. All texts that are no address share one group.
 */
export function addressGroup(address: string | null): string {
  const plain = parseAddress(address ?? "");
  if (plain === null) return "unknown";
  if (ipaddr.IPv4.isValid(plain)) return plain;
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${plain}/${IPV6_GROUP_BITS}`);
  return `${network.toString()}/${IPV6_GROUP_BITS}`;
}

/** Some proxies write a port after the address, or quote it; a zone names a network card of their own. */
function parseAddress(given: string): string | null {
  const text = given.trim().replace(/^"(.*)"$/, "$1");
  const [, bracketed] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text) ?? [];
  const [, withPort] = /^([\d.]+):\d{1,5}$/.exec(text) ?? [];
  const address = (bracketed ?? withPort ?? text).replace(/%.*$/, "");
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  return isPlain ? ipaddr.process(address).toString() : null;
}
