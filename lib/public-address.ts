import ipaddr from "ipaddr.js";

/** Addresses in public ranges at which clouds serve their machines alone (Azure's WireServer). */
const CLOUD_SERVICES = new Set(["168.63.129.16"]);

/** NAT64, and the deprecated IPv4-compatible addresses. */
const EMBEDDING = ["64:ff9b::", "::"].map((prefix) => ipaddr.IPv6.parse(prefix));

/**
 * True for an IP address that belongs to the internet: neither loopback, private, link-local, shared nor reserved. An IPv4
 * address inside an IPv6 one (mapped, compatible, or by NAT64) is judged as that IPv4 address.
 *
 * @param address without brackets; anything that is no IP address is not public
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  let parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && EMBEDDING.some((prefix) => parsed.match(prefix, 96))) {
    parsed = ipaddr.fromByteArray(parsed.toByteArray().slice(-4));
  }
  return parsed.range() === "unicast" && !CLOUD_SERVICES.has(parsed.toString());
}
