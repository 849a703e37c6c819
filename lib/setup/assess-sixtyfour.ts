import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { PointState, SetupPoint } from "@/lib/setup/setup-point";
import { BAD_SKEW_IN_SECONDS, skewWords, WARN_SKEW_IN_SECONDS } from "@/lib/setup/skew-words";
import type { BalanceOutcome } from "@/lib/sixtyfour/client";

/** The key and its balance, and whether the clocks of all that take part agree. */
export function assessSixtyfour(facts: SetupFacts): SetupPoint[] {
  return [
    { id: "key", group: "sixtyfour", title: "API key", ...readKey(facts) },
    { id: "clock", group: "sixtyfour", title: "Clock", ...readClocks(facts) },
  ];
}

type Verdict = Pick<SetupPoint, "state" | "finding" | "mend">;

const credits = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });

function readKey({ balance, surroundings: { isSandbox } }: SetupFacts): Verdict {
  const api = isSandbox ? "The sandbox" : "Sixtyfour";
  if (!balance.known) {
    return balance.why === "slow"
      ? { ...UNAVAILABLE.timeout, finding: `${api} did not answer in time, so nothing is known of the key.` }
      : { state: "bad", finding: `${api} could not be asked about the key.`, mend: "Look into this app’s log." };
  }
  const { value } = balance;
  if (value.type === "unavailable") return UNAVAILABLE[value.reason];
  const left = `${credits.format(value.credits)} credits are left`;
  if (value.credits <= 0) {
    return {
      state: "bad",
      finding: `${api} accepts the key, but no credits are left: each submit is refused.`,
      mend: "Buy credits at Sixtyfour. What was refused waits, and can be sent then.",
    };
  }
  return isSandbox
    ? { state: "ok", finding: `A sandbox on this machine answers: ${left}, and all results are made up.`, mend: null }
    : { state: "ok", finding: `Sixtyfour accepts the key: ${left}.`, mend: null };
}

const ASK_AGAIN = "Check again in a minute. Where it lasts, look whether Sixtyfour has an outage.";

const UNAVAILABLE: Record<Extract<BalanceOutcome, { type: "unavailable" }>["reason"], Verdict> = {
  unauthorized: {
    state: "bad",
    finding: "Sixtyfour does not accept the key.",
    mend: "Set `SIXTYFOUR_API_KEY` to a key that is valid at Sixtyfour, and restart.",
  },
  no_credits: {
    state: "bad",
    finding: "Sixtyfour accepts the key, but no credits are left: each submit is refused.",
    mend: "Buy credits at Sixtyfour. What was refused waits, and can be sent then.",
  },
  rate_limited: {
    state: "warn",
    finding: "Sixtyfour answered that there are too many requests with this key.",
    mend: "Lower `REQUESTS_PER_MINUTE` where other programs use the same key.",
  },
  unreachable: {
    state: "bad",
    finding: "Sixtyfour’s API can’t be reached from here.",
    mend: "Let this host open connections to the API, and correct `SIXTYFOUR_API_URL` if it is set.",
  },
  misconfigured: {
    state: "bad",
    finding: "What answers at the API’s address is not Sixtyfour’s API.",
    mend: "Correct `SIXTYFOUR_API_URL`, or unset it for Sixtyfour’s own address.",
  },
  timeout: { state: "warn", finding: "Sixtyfour did not answer in time.", mend: ASK_AGAIN },
  connection_lost: { state: "warn", finding: "The connection to Sixtyfour broke.", mend: ASK_AGAIN },
  server_fault: { state: "warn", finding: "Sixtyfour answered with a fault of its own.", mend: ASK_AGAIN },
  unreadable_answer: {
    state: "warn",
    finding: "Sixtyfour answered, but did not say how many credits are left.",
    mend: "See that `SIXTYFOUR_API_URL` is right, if it is set.",
  },
};

/** Signatures older than 5 minutes are refused, so clocks that part make every webhook fail one day. */
function readClocks({ balance, databaseSkewSeconds }: SetupFacts): Verdict {
  const compared = [
    ...(balance.known && balance.value.type === "balance" && balance.value.clockSkewSeconds !== null
      ? [{ whose: "Sixtyfour’s API", skew: balance.value.clockSkewSeconds }]
      : []),
    ...(databaseSkewSeconds.known ? [{ whose: "the database", skew: databaseSkewSeconds.value }] : []),
  ];
  if (compared.length === 0) {
    return { state: "unknown", finding: "There was no other clock to compare this app’s with.", mend: null };
  }
  const off = compared.filter(({ skew }) => Math.abs(skew) >= WARN_SKEW_IN_SECONDS);
  const worst = Math.max(...compared.map(({ skew }) => Math.abs(skew)));
  const state: PointState = worst >= BAD_SKEW_IN_SECONDS ? "bad" : off.length > 0 ? "warn" : "ok";
  if (state === "ok") {
    return {
      state,
      finding: `This app’s clock agrees with that of ${compared.map(({ whose }) => whose).join(" and of ")}.`,
      mend: null,
    };
  }
  return {
    state,
    finding: off.map(({ whose, skew }) => `The clock of ${whose} is ${skewWords(skew)} this app’s.`).join(" "),
    mend: "Set the clocks of this host and of the database’s by NTP: webhooks are refused where clocks are 5 minutes apart.",
  };
}
