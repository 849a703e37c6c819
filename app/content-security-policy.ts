import { MEDIA_SOURCES } from "@/lib/sixtyfour/media";

/** Where a form that signs in by a provider ends up: browsers hold a form's redirects to `form-action` as well. */
const PROVIDER_ORIGINS: Record<string, string> = {
  github: "https://github.com",
  google: "https://accounts.google.com",
};

interface Surroundings {
  /** React needs eval then, to tell where an error came from. */
  isDevelopment: boolean;
  providers: string[];
}

/**
 * What a page may load and do: our own, and nothing inline but what bears the nonce. Styles are let be: the component
 * library writes sizes and colours into `style` attributes, for which there are no nonces.
 */
export function contentSecurityPolicy(nonce: string, { isDevelopment, providers }: Surroundings): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    // Pictures that Sixtyfour found; of no other host, since an address in a result could tell its owner who looks.
    `img-src 'self' data: ${MEDIA_SOURCES}`,
    "font-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action ${["'self'", ...providers.flatMap((id) => PROVIDER_ORIGINS[id] ?? [])].join(" ")}`,
    "frame-ancestors 'none'",
  ].join("; ");
}
