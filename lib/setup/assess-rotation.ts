import type { SignedDelivery } from "@/lib/setup/read-signers";
import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";
import { spanWords } from "@/lib/setup/span-words";
import { unknownOf } from "@/lib/setup/unknown-of";

type Verdict = Pick<SetupPoint, "state" | "finding" | "mend">;

/**
 * How far a rotation is. The first secret is the new one, as docs/operations.md wants it; what comes after it is old. Judged by
 * the latest deliveries alone, so nothing is removed while Sixtyfour may still sign by it.
 */
export function assessRotation({ signers, now }: Pick<SetupFacts, "signers" | "now">): Verdict {
  if (!signers.known) return unknownOf(signers);
  const { value: latest } = signers;
  const [newest] = latest;
  if (!newest) {
    return {
      state: "ok",
      finding: "Several are set, and no delivery is kept that either has signed: leave them until some have come.",
      mend: null,
    };
  }
  const all = latest.length === 1 ? "The last signed delivery" : `The last ${latest.length} signed deliveries`;
  const ago = (delivery: SignedDelivery) => spanWords((now.getTime() - delivery.receivedAt.getTime()) / 1000);
  if (!hasNew(newest)) {
    const lastByNew = latest.findIndex(hasNew);
    const oldOnly = lastByNew === -1 ? latest : latest.slice(0, lastByNew);
    const since = ago(oldOnly.at(-1) ?? newest);
    return {
      state: "warn",
      finding: `Only the old one has signed since ${since} ago (${oldOnly.length === 1 ? "1 delivery" : `${oldOnly.length} deliveries`}): don’t remove it.`,
      mend: "Create the new secret at Sixtyfour, if you have not yet. If the first one in `SIXTYFOUR_WEBHOOK_SECRET` is not the new one, swap them.",
    };
  }
  if (hasOld(newest)) {
    return {
      state: "ok",
      finding:
        "Both sign: Sixtyfour is within the overlap of a rotation. Leave both until it has ended, a day by default.",
      mend: null,
    };
  }
  const needOld = latest.filter((delivery) => !hasNew(delivery)).length;
  if (needOld > 0) {
    return {
      state: "ok",
      finding: `The new one signs now, but ${needOld} of ${all.toLowerCase()} ${needOld === 1 ? "needs" : "need"} the old one, the latest ${ago(latest.find((delivery) => !hasNew(delivery)) ?? newest)} ago: leave both for now.`,
      mend: null,
    };
  }
  return {
    state: "warn",
    finding: `${all} ${latest.length === 1 ? "carries the new one" : "all carry the new one, and the newest carries it"} alone: it is safe to remove the old one.`,
    mend: "Remove all but the first from `SIXTYFOUR_WEBHOOK_SECRET`, and restart.",
  };
}

function hasNew({ signedBy }: SignedDelivery): boolean {
  return signedBy[0] === true;
}

function hasOld({ signedBy }: SignedDelivery): boolean {
  return signedBy.slice(1).includes(true);
}
