import { isIP } from "node:net";

const UNKNOWN = "unknown";

/**
 * Returns the address by which requests are counted: an IPv4 address itself, and the /64 of an IPv6 address, because one
 * customer of a provider has a whole /64. Any other text is "unknown", so that nobody can choose what is stored.
 */
export function groupAddress(address: string | null): string {
  const text = address?.trim() ?? "";
  const family = isIP(text);
  if (family === 4) return text;
  if (family !== 6) return UNKNOWN;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  if (mapped) return mapped;
  const [head = "", tail] = (text.split("%")[0] ?? "").split("::");
  const left = head ? head.split(":") : [];
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length - (tail.includes(".") ? 1 : 0));
  const parts = [...left, ...Array<string>(zeros).fill("0"), ...right];
  const network = parts.slice(0, 4).map((part) => Number.parseInt(part, 16).toString(16));
  return `${network.join(":")}::/64`;
}
