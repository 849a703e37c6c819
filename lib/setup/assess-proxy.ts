import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";

/** Idle connections of common balancers, in seconds: nginx's, and the longest, Cloudflare's. */
const NGINX_KEEPS = 60;
const LONGEST = 900;

/** Checks the proxy or balancer in front of the app, as the request for the checklist itself shows it. */
export function assessProxy({ surroundings: { way, isServerless } }: SetupFacts): SetupPoint[] {
  if (!way || isServerless) return [];
  return [
    { id: "https", group: "access", title: "Https", ...readProtocol(way) },
    { id: "host", group: "access", title: "Host header", ...readHost(way) },
    { id: "keep_alive", group: "access", title: "Idle connections", ...readKeepAlive(way) },
  ];
}

type Verdict = Pick<SetupPoint, "state" | "finding" | "mend">;
type Way = NonNullable<SetupFacts["surroundings"]["way"]>;

function readProtocol({ appUrl, isLoopback, isHttps }: Way): Verdict {
  if (isLoopback)
    return { state: "ok", finding: "You look at it on this machine, where sign-in works over http.", mend: null };
  if (isHttps) return { state: "ok", finding: "This page was asked for over https.", mend: null };
  if (appUrl?.startsWith("https:")) {
    return {
      state: "warn",
      finding: "No proxy says that this page was asked for over https.",
      mend: `Open \`${appUrl}\`: over http nobody can sign in, since browsers drop the cookie. If that is where you are, have the proxy send \`X-Forwarded-Proto\`.`,
    };
  }
  return {
    state: "bad",
    finding: "This page was asked for over http, where browsers drop the cookie of the sign-in.",
    mend: "Put a proxy with https in front, and set `APP_URL` to its address.",
  };
}

function readHost({ appUrl, host, refererHost, isLoopback }: Way): Verdict {
  if (refererHost !== null && refererHost !== host) {
    return {
      state: "bad",
      finding: `A proxy rewrites the Host header: your browser is at \`${refererHost}\`, and the app was asked for \`${host}\`. Forms are refused.`,
      mend: "Have the proxy pass on the Host that the browser names, or send it as `X-Forwarded-Host`.",
    };
  }
  if (appUrl === null || isLoopback || host === new URL(appUrl).host) {
    return { state: "ok", finding: "The app is asked for by the name that browsers use.", mend: null };
  }
  return {
    state: "warn",
    finding: `The app was asked for \`${host}\`, and \`APP_URL\` names \`${new URL(appUrl).host}\`.`,
    mend: "If you opened the address of `APP_URL`, the proxy rewrites the Host header and forms are refused: have it pass on Host, or send it as `X-Forwarded-Host`. Otherwise correct `APP_URL`.",
  };
}

function readKeepAlive({ keepAliveSeconds }: Way): Verdict {
  if (keepAliveSeconds > LONGEST) {
    return {
      state: "ok",
      finding: `They are kept for ${keepAliveSeconds} seconds, longer than common balancers keep theirs.`,
      mend: null,
    };
  }
  return {
    state: "warn",
    finding: `They are kept for ${keepAliveSeconds} seconds. A balancer that keeps its own for longer answers some requests with 502.`,
    mend: `Unset \`KEEP_ALIVE_TIMEOUT\` and leave out \`--keepAliveTimeout\`, or set them above your balancer’s (nginx ${NGINX_KEEPS} seconds, Google Cloud 600, Cloudflare ${LONGEST}), in milliseconds.`,
  };
}
