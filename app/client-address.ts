import { clientAddress as readClientAddress } from "@/lib/client-address";
import { env } from "@/lib/env";

/** Returns the address that a request came from, behind as many proxies as TRUSTED_PROXIES says; null where unknown. */
export function clientAddress(headers: Headers): string | null {
  return readClientAddress(headers, env());
}
