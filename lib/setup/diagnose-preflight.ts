import type { PreflightAnswer, PreflightLog, PreflightReport } from "@/lib/setup/preflight-report";
import { BAD_SKEW_IN_SECONDS, skewWords, WARN_SKEW_IN_SECONDS } from "@/lib/setup/skew-words";
import { TOLERANCE_IN_SECONDS } from "@/lib/sixtyfour/signature";

type PreflightFault =
  | "unreachable"
  | "protected"
  | "login"
  | "blocked"
  | "redirected"
  | "other_app"
  | "other_database"
  | "other_secret"
  | "signature_lost"
  | "body_changed"
  | "clock"
  | "slow"
  | "answer_lost"
  | "too_large"
  | "turned_away"
  | "server_fault"
  | "log_unreadable";

/** What a preflight shows, in a sentence, and how it is mended; both name variables between backticks. */
export interface Diagnosis {
  outcome: "arrived" | PreflightFault;
  state: "ok" | "warn" | "bad";
  finding: string;
  mend: string | null;
}

/** Sixtyfour waits no longer for an answer. */
export const ANSWER_LIMIT_IN_MS = 10_000;

/**
 * Names what happened to a test delivery on its way. The log is believed first: what arrived at this database tells more
 * than whatever was answered.
 */
export function diagnosePreflight(report: PreflightReport): Diagnosis {
  const { answer, log } = report;
  if (log.type === "found") return readArrival(report, log);
  if (answer.type === "none") return readNoAnswer(report, answer.reason, log.type);
  return readStrangersAnswer(report, answer, log.type);
}

/** It is in our log: how it got there. */
function readArrival(report: PreflightReport, log: Extract<PreflightLog, { type: "found" }>): Diagnosis {
  if (log.body !== "same") {
    return bad(
      "body_changed",
      log.body === "rewritten"
        ? "It arrived, but its body was rewritten on the way: the same JSON in other bytes, which no signature fits."
        : "It arrived, but its body was changed on the way, and no signature fits it then.",
      "Something between the internet and this app parses, compresses or rewrites request bodies (a proxy, a gateway, a middleware). Let it pass `/api/webhooks/sixtyfour` through byte for byte.",
    );
  }
  switch (log.signature) {
    case "mismatch":
      return bad(
        "other_secret",
        "It arrived unchanged, and its signature was refused: the app behind `APP_URL` has another signing secret than this one.",
        "Give every copy of the app the same `SIXTYFOUR_WEBHOOK_SECRET`, and restart those that had another.",
      );
    case "unsigned":
      if (!report.isSigned) break;
      return bad(
        "other_secret",
        "It arrived signed, and the signature was not checked: the app behind `APP_URL` has no signing secret, and this one has.",
        "Give every copy of the app the same `SIXTYFOUR_WEBHOOK_SECRET`, and restart those that had none.",
      );
    case "missing":
    case "malformed":
      if (!report.isSigned) {
        return bad(
          "other_secret",
          "It was sent unsigned and refused: the app behind `APP_URL` has a signing secret, and this one has none.",
          "Give every copy of the app the same `SIXTYFOUR_WEBHOOK_SECRET`, and restart this one.",
        );
      }
      return bad(
        "signature_lost",
        "It arrived, but its `Sixtyfour-Signature` header did not: something in front of this app removes or rewrites headers.",
        "Let your proxy pass the headers that begin with `Sixtyfour-`.",
      );
    case "expired":
      return bad(
        "clock",
        `It arrived, but its time was refused: the clock of the app behind \`APP_URL\` is ${skewWords(log.signatureAgeSeconds ?? TOLERANCE_IN_SECONDS)} this one’s.`,
        "Set the clocks of all hosts by NTP. Webhooks are refused where the clocks are 5 minutes apart.",
      );
  }
  return readAnswerToArrived(report, log.outcome);
}

/** It arrived as it was sent; what the sender heard of that. */
function readAnswerToArrived(report: PreflightReport, outcome: string): Diagnosis {
  const { answer, tookMs } = report;
  const isTimeOut = answer.type === "none" && answer.reason === "timeout";
  const isGatewayTimeOut = answer.type === "answer" && answer.status === 504;
  if (isTimeOut || isGatewayTimeOut || tookMs > ANSWER_LIMIT_IN_MS) {
    return bad(
      "slow",
      `It arrived, but the answer took ${isTimeOut ? "more than" : "about"} ${Math.round(tookMs / 1000)} seconds: Sixtyfour waits for 10, and then sends it again.`,
      "Look for what keeps the app waiting: a cold start, a database far away, a proxy that holds answers back. Put app and database into one region.",
    );
  }
  if (answer.type === "none" || !isSuccess(answer.status)) {
    const heard = answer.type === "none" ? "no answer came back" : `the answer on the way back became ${answer.status}`;
    return bad(
      "answer_lost",
      `It arrived, but ${heard}: Sixtyfour would send it again.`,
      "Look into the log of your proxy: it gives up on, or replaces, what this app answers.",
    );
  }
  if (outcome !== "workflow") {
    return bad(
      "turned_away",
      `It arrived, and was taken for something else: the log says “${outcome}”.`,
      "Let every copy of the app run the same version.",
    );
  }
  return readClock(report, answer.clockSkewSeconds);
}

function readClock(report: PreflightReport, skew: number | null): Diagnosis {
  const arrived = report.isSigned
    ? "It arrived at this database as it was sent, its signature was right, and it was answered in time."
    : "It arrived at this database as it was sent, and was answered in time. It went unsigned, since no secret is set.";
  if (skew === null || Math.abs(skew) < WARN_SKEW_IN_SECONDS) {
    return { outcome: "arrived", state: "ok", finding: arrived, mend: null };
  }
  return {
    outcome: "clock",
    state: Math.abs(skew) >= BAD_SKEW_IN_SECONDS ? "bad" : "warn",
    finding: `${arrived} But the clock of what answers at \`APP_URL\` is ${skewWords(skew)} this app’s.`,
    mend: "Set this host’s clock by NTP. Webhooks are refused where the clocks are 5 minutes apart.",
  };
}

const NO_ANSWER: Record<
  Extract<PreflightAnswer, { type: "none" }>["reason"],
  (host: string, arrival: string) => { finding: string; mend: string }
> = {
  dns: (host) => ({
    finding: `The name ${host} leads nowhere: DNS does not know it.`,
    mend: "Correct `APP_URL`, or create the DNS record. Where it is new, wait until it has spread.",
  }),
  refused: (host) => ({
    finding: `${host} refuses connections: nothing listens there.`,
    mend: "Correct the host or port in `APP_URL`, or start the proxy or tunnel that it names.",
  }),
  tls: (host) => ({
    finding: `No secure connection to ${host} came about: its certificate is not valid for it, or it speaks no https.`,
    mend: "Install a certificate that is valid for this name, with all intermediate ones, from an authority that is known everywhere.",
  }),
  timeout: (host, arrival) => ({
    finding: `${host} did not answer within 15 seconds, and ${arrival}.`,
    mend: "Open the firewall for connections from outside, and see that `APP_URL` leads to this app. Where the host can’t call its own public address (no hairpin NAT), try from outside.",
  }),
  no_route: (host) => ({
    finding: `There is no way from here to ${host}.`,
    mend: "Let this host reach the internet, and see that `APP_URL` names a public address.",
  }),
  broken: (host, arrival) => ({
    finding: `The connection to ${host} broke before an answer came, and ${arrival}.`,
    mend: "Look into the log of the proxy or tunnel that `APP_URL` names.",
  }),
};

/** What the log has of one that is not found in it. */
type NotFound = "missing" | "unreadable";

const ARRIVAL: Record<NotFound, string> = {
  missing: "nothing arrived here",
  unreadable: "the log could not be read to see whether it arrived",
};

function readNoAnswer({ sentTo }: PreflightReport, reason: keyof typeof NO_ANSWER, log: NotFound): Diagnosis {
  const { finding, mend } = NO_ANSWER[reason](new URL(sentTo).host, ARRIVAL[log]);
  return bad("unreachable", finding, mend);
}

/** Something answered, and our log knows nothing of it, or could not be read. */
function readStrangersAnswer(
  { sentTo }: PreflightReport,
  answer: Extract<PreflightAnswer, { type: "answer" }>,
  log: NotFound,
): Diagnosis {
  const { status, form, host, redirect } = answer;
  if (redirect) return readRedirect(status, redirect);
  if (form === "ours") return readOurAnswer(status, log);
  if (status === 401 || status === 403) return readGate(status, form, host);
  if (status === 413) {
    return bad(
      "too_large",
      "Something in front of this app answered 413: it takes no body of even half a kilobyte.",
      "Raise the limit of your proxy for request bodies to at least 10 MB (nginx: `client_max_body_size`).",
    );
  }
  if (status === 404 || status === 405 || status === 410 || isSuccess(status)) {
    const what = form === "html" ? "a web page" : "something that this app does not say";
    return bad(
      "other_app",
      `Another app answered ${status} with ${what}, and ${ARRIVAL[log]}${isSuccess(status) ? ": Sixtyfour would take that for delivered, and the result would be lost" : ""}.`,
      `Set \`APP_URL\` to the origin under which this app answers: ${new URL(sentTo).origin} is not it. Where a proxy stands in front, let it pass on POST to \`/api/webhooks/sixtyfour\`.`,
    );
  }
  if (status >= 500) {
    return bad(
      "server_fault",
      `What stands in front of this app answered ${status}, and ${ARRIVAL[log]}.`,
      "See that the app behind `APP_URL` runs, and look into the log of your proxy or host for why it does not reach it.",
    );
  }
  return bad(
    "blocked",
    `Something in front of this app answered ${status}${host ? ` (${HOSTS[host]})` : ""}, and ${ARRIVAL[log]}: a firewall, by the looks of it.`,
    "Make an exception for POST to `/api/webhooks/sixtyfour`: Sixtyfour solves no challenge, and keeps to no rate but its own.",
  );
}

const HOSTS = { vercel: "Vercel", cloudflare: "Cloudflare" };

function readRedirect(status: number, { origin, path }: { origin: string | null; path: string }): Diagnosis {
  // Vercel's login for previews: a browser is sent there, and some requests of programs are, too.
  if (origin && /^https:\/\/([\w-]+\.)*vercel\.com$/.test(origin)) return readGate(status, "html", "vercel");
  if (origin) {
    return bad(
      "redirected",
      `It was answered ${status} and sent on to ${origin}. Sixtyfour does not follow redirects.`,
      `Set \`APP_URL\` to ${origin}, and restart.`,
    );
  }
  return bad(
    "redirected",
    `It was answered ${status} and sent on to ${path} at the same host. Sixtyfour does not follow redirects.`,
    "Make an exception for `/api/webhooks/sixtyfour` from what redirects: a login in front of the app, or a rule about slashes at the end.",
  );
}

function readGate(status: number, form: string, host: keyof typeof HOSTS | null): Diagnosis {
  if (host === "vercel") {
    return bad(
      "protected",
      `Vercel’s deployment protection answered ${status}: nobody without a login reaches this deployment.`,
      "Set `APP_URL` to the production domain, or turn on “Protection Bypass for Automation” for the project, so that `VERCEL_AUTOMATION_BYPASS_SECRET` is set, and deploy again.",
    );
  }
  if (host === "cloudflare") {
    return bad(
      "blocked",
      `Cloudflare answered ${status} in this app’s place: a firewall rule or a challenge.`,
      "Make an exception for POST to `/api/webhooks/sixtyfour`: Sixtyfour solves no challenge.",
    );
  }
  return bad(
    "login",
    `Something in front of this app answered ${status}${form === "html" ? " with a page of its own" : ""}: it wants a login, or a firewall takes the request for an attack.`,
    "Leave `/api/webhooks/sixtyfour` open to the internet: the signature and the token protect it.",
  );
}

/** It speaks as this app does. */
function readOurAnswer(status: number, log: NotFound): Diagnosis {
  if (status >= 500) {
    return bad(
      "server_fault",
      `This app, or a copy of it, answered ${status}: it could not store the delivery.`,
      "Mend its database first: see the points about it.",
    );
  }
  if (log === "unreadable") {
    return bad(
      "log_unreadable",
      `It was answered ${status} by this app or a copy of it, but the log could not be read to see how it arrived.`,
      "Mend the database first: see the points about it. Then run the preflight again.",
    );
  }
  return bad(
    "other_database",
    `A copy of this app answered ${status}, and nothing arrived in this database: it has another one, or its \`Sixtyfour-Event-Id\` header was removed on the way.`,
    "Set `APP_URL` to this deployment’s own origin, or give both the same `DATABASE_URL`. Let your proxy pass the headers that begin with `Sixtyfour-`.",
  );
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function bad(outcome: PreflightFault, finding: string, mend: string): Diagnosis {
  return { outcome, state: "bad", finding, mend };
}
