import { isLoopback } from "@/lib/env";
import { assessRotation } from "@/lib/setup/assess-rotation";
import { diagnosePreflight } from "@/lib/setup/diagnose-preflight";
import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";
import { unknownOf } from "@/lib/setup/unknown-of";

type Verdict = Pick<SetupPoint, "state" | "finding" | "mend">;

/** Whether Sixtyfour can reach this app, and prove that it was Sixtyfour. */
export function assessWebhooks(facts: SetupFacts): SetupPoint[] {
  const points = [
    { id: "address", title: "Public address", ...readAddress(facts) },
    { id: "preflight", title: "Preflight", ...readPreflight(facts) },
    { id: "secret", title: "Signing secret", ...readSecret(facts) },
    ...(facts.surroundings.secretCount > 1
      ? [{ id: "rotation", title: "Rotation of the secret", ...assessRotation(facts) }]
      : []),
    { id: "share", title: "Results by webhook", ...readShare(facts) },
  ];
  return points.map((point) => ({ group: "webhooks", ...point }));
}

function readAddress({ surroundings: { target, isSandbox } }: SetupFacts): Verdict {
  if (target.url === null) {
    return target.missing === "app_url_unset"
      ? {
          state: "warn",
          finding: "`APP_URL` is not set, so no webhook is asked for: the app polls for results, which come later.",
          mend: "Set `APP_URL` to the https origin under which the internet reaches this app, such as `https://leads.example.com`.",
        }
      : {
          state: "bad",
          finding: "`APP_URL` is no https address, and Sixtyfour calls no other: the app polls for results.",
          mend: "Put TLS in front of this app, and set `APP_URL` to its https origin.",
        };
  }
  const { protocol, origin, pathname, hostname } = new URL(target.url);
  const address = origin + pathname;
  if (isSandbox) {
    const http = protocol === "http:" ? ", where http is enough" : "";
    return { state: "ok", finding: `The sandbox on this machine calls ${address}${http}.`, mend: null };
  }
  if (isLoopback(hostname) || isPrivate(hostname)) {
    return {
      state: "bad",
      finding: `Sixtyfour is told to call ${address}, which no other network can reach.`,
      mend: "Set `APP_URL` to an address of the internet: a domain of yours, or a tunnel’s.",
    };
  }
  return {
    state: "ok",
    finding: `Sixtyfour is told to call ${address}. Whether it can, the preflight shows.`,
    mend: null,
  };
}

/** Addresses and names that mean something within one network only. */
function isPrivate(hostname: string): boolean {
  return (
    /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(hostname) ||
    /\.(local|internal|lan|home\.arpa)$/.test(hostname) ||
    /^\[f[cde]/.test(hostname) ||
    !/[.:]/.test(hostname)
  );
}

const RUN_IT = "Run the preflight below: this app calls itself through its public address, and sees how that arrives.";

function readPreflight({ marks, surroundings: { target, secretCount } }: SetupFacts): Verdict {
  if (target.url === null) {
    return { state: "unknown", finding: "There is no public address to try yet.", mend: "Set `APP_URL` first." };
  }
  if (!marks.known) return unknownOf(marks);
  const { preflight } = marks.value;
  if (!preflight) return { state: "unknown", finding: "It was not run yet.", mend: RUN_IT };
  const { origin, pathname } = new URL(target.url);
  if (preflight.sentTo !== origin + pathname || preflight.isSigned !== secretCount > 0) {
    return { state: "unknown", finding: "The last one went by other settings than today’s.", mend: RUN_IT };
  }
  const { state, finding, mend } = diagnosePreflight(preflight);
  return { state, finding, mend };
}

function readSecret({ surroundings: { secretCount, isSandbox }, day }: SetupFacts): Verdict {
  if (secretCount === 0) {
    return {
      state: "warn",
      finding: "None is set, so signatures are not checked: only the token in each webhook’s address protects.",
      mend: isSandbox
        ? "Set `SIXTYFOUR_WEBHOOK_SECRET` to that of the sandbox. `npm run dev` does so by itself."
        : "Create a signing secret at Sixtyfour, set `SIXTYFOUR_WEBHOOK_SECRET`, and restart.",
    };
  }
  const set = secretCount === 1 ? "It is set" : `${secretCount} are set`;
  if (!day.known) {
    return { ...unknownOf(day), finding: `${set}. Whether deliveries match could not be read from the log.` };
  }
  const { signatures, newestMatches } = day.value;
  const { valid, mismatch, missing } = signatures;
  if (valid + mismatch + missing === 0) {
    return { state: "ok", finding: `${set}. No delivery of the last 24 hours puts it to the test.`, mend: null };
  }
  if (valid === 0 && missing > 0 && mismatch === 0) {
    return {
      state: "bad",
      finding: `${set}, but ${counted(missing)} of the last 24 hours came unsigned and ${was(missing)} refused.`,
      mend: "See at Sixtyfour whether its secret was revoked: then deliveries are unsigned. Create one, and set `SIXTYFOUR_WEBHOOK_SECRET` to it.",
    };
  }
  const mend =
    "Where they came from Sixtyfour, its secret is another one: set `SIXTYFOUR_WEBHOOK_SECRET` to that and this, separated by a comma. Forged ones need nothing.";
  if (valid === 0) {
    return {
      state: "bad",
      finding: `${set}, but no signature of the last 24 hours fits: ${counted(mismatch)} ${was(mismatch)} refused.`,
      mend,
    };
  }
  if (!newestMatches) {
    return {
      state: "warn",
      finding: `${set}, but the newest signature does not fit; of the last 24 hours ${mismatch} of ${valid + mismatch} did not.`,
      mend,
    };
  }
  const refused = mismatch + missing;
  const rest = refused > 0 ? `; ${counted(refused)} without a right one ${was(refused)} refused` : "";
  return {
    state: "ok",
    finding: `${set}, and ${counted(valid)} of the last 24 hours ${valid === 1 ? "fits" : "fit"}${rest}.`,
    mend: null,
  };
}

/** Below this share webhooks get lost that nobody looks for. */
const GOOD_SHARE = 0.9;
/** Of fewer, a share says nothing. */
const MIN_TASKS = 5;

function readShare({ day, surroundings: { target } }: SetupFacts): Verdict {
  if (target.url === null) {
    return {
      state: "unknown",
      finding: "No webhooks are asked for, so all results are polled.",
      mend: "Set `APP_URL` first.",
    };
  }
  if (!day.known) return unknownOf(day);
  const { webhook, poll, reconcile } = day.value.via;
  const all = webhook + poll + reconcile;
  if (all === 0) {
    return { state: "ok", finding: "No task that asked for a webhook ended in the last 24 hours.", mend: null };
  }
  const finding = `Of ${all} ${all === 1 ? "task" : "tasks"} that ended in the last 24 hours, ${webhook} came by webhook, ${reconcile} by the app’s own asking and ${poll} by “Poll now”.`;
  if (all < MIN_TASKS || webhook / all >= GOOD_SHARE) return { state: "ok", finding, mend: null };
  return {
    state: webhook === 0 ? "bad" : "warn",
    finding,
    mend: "No result is lost, but webhooks are: run the preflight, and look for refused ones in the log of deliveries.",
  };
}

function counted(count: number): string {
  return `${count} ${count === 1 ? "delivery" : "deliveries"}`;
}

function was(count: number): string {
  return count === 1 ? "was" : "were";
}
