import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "@/lib/public-address";

/** The request leads to this machine or to a private network, and was not sent. */
class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
  readonly code = "PRIVATE_ADDRESS";

  constructor() {
    super("The address leads to a private network.");
  }
}

/** True if that is why a request failed: `fetch` wraps its causes. */
export function isPrivateAddressError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof PrivateAddressError || isPrivateAddressError(error.cause);
}

interface Request {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** Bounds the time until the answer's head and that of its body. */
  signal: AbortSignal;
}

interface Limits {
  /** True lifts the limit: for those who host storage or alerts in their own network. */
  allowPrivateAddresses?: boolean | undefined;
  /** Resolves names; Node's own `dns.lookup` if not given. */
  resolve?: typeof lookup;
}

/**
 * Requests an address that came from outside or from a variable, and connects to the public internet alone. The connection
 * goes to the very addresses that were checked, so a name that resolves to another one a moment later changes nothing.
 * Redirects are returned and never followed: whoever follows one calls this again.
 *
 * @throws PrivateAddressError, or an error that wraps it; otherwise as `fetch`
 */
export async function publicFetch(url: string, request: Request, limits: Limits = {}): Promise<Response> {
  // Loaded at the first request: a webhook that starts the process need not wait for it.
  const { fetch } = await import("undici");
  if (!limits.allowPrivateAddresses) refusePrivateLiteral(url);
  const dispatcher = limits.allowPrivateAddresses ? undefined : await guardedAgent(limits.resolve ?? lookup);
  const response = await fetch(url, { ...request, redirect: "manual", ...(dispatcher && { dispatcher }) });
  return response as unknown as Response;
}

/** Node connects to an IP address without a lookup. The URL parser has made a plain one of decimal, octal and hex forms. */
function refusePrivateLiteral(url: string): void {
  const hostname = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const isLiteral = hostname.includes(":") || /^[\d.]+$/.test(hostname);
  const isLocalhost = /(^|\.)localhost\.?$/.test(hostname);
  if (isLocalhost || (isLiteral && !isPublicAddress(hostname))) throw new PrivateAddressError();
}

const agents = new WeakMap<typeof lookup, Promise<import("undici").Agent>>();

function guardedAgent(resolve: typeof lookup): Promise<import("undici").Agent> {
  const agent =
    agents.get(resolve) ?? import("undici").then(({ Agent }) => new Agent({ connect: { lookup: guard(resolve) } }));
  agents.set(resolve, agent);
  return agent;
}

/** One private address among those of a name is enough to refuse it. */
function guard(resolve: typeof lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, "");
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new PrivateAddressError(), "");
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
