import ipaddr from "ipaddr.js";

/** Addresses in public ranges at which clouds serve their machines alone (Azure's WireServer). */
const CLOUD_SERVICES = new Set(["168.63.129.16"]);

/**
 * True for an IP address that belongs to the internet: neither loopback, private, link-local, shared nor reserved. An IPv4
 * address inside an IPv6 one (mapped, or by NAT64) is judged as that IPv4 address.
 *
 * @param address without brackets; anything that is no IP address is not public
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  let parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.match(ipaddr.IPv6.parse("64:ff9b::"), 96)) {
    parsed = ipaddr.fromByteArray(parsed.toByteArray().slice(-4));
  }
  return parsed.range() === "unicast" && !CLOUD_SERVICES.has(parsed.toString());
}
