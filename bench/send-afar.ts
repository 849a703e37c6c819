import { randomUUID } from "node:crypto";
import { median } from "@/bench/figures";
import { confirmPeople, rateOf, sendingContext } from "@/bench/sending";
import { openDatabase } from "@/db/client";
import { divertLog } from "@/lib/log";
import { dispatch } from "@/lib/pipeline/dispatch";
import { prepareNextLeads } from "@/lib/pipeline/prepare";
import { submitLead } from "@/lib/pipeline/submit";
import type { DistantPostgres } from "@/scripts/local/distant-postgres";

const LEADS = 60;

/** More than any connection makes of it: what holds the leads back is the way to the database. */
const REQUESTS_PER_MINUTE = 60_000;

/** How long one lead takes to be submitted, in milliseconds, and how many of a list go out in a minute, one by one. */
export async function sendAfar(
  postgres: DistantPostgres,
  given: { near: string; sandboxUrl: string; maxConnections: number; roundTripMs: number; rounds: number },
): Promise<{ submitMs: number; perMinute: number }> {
  const { sandboxUrl, maxConnections, rounds } = given;
  const far = openDatabase(postgres.url, { maxConnections });
  const near = openDatabase(given.near);
  const logAgain = divertLog(() => {});
  try {
    const context = sendingContext(far.db, { sandboxUrl, requestsPerMinute: REQUESTS_PER_MINUTE });
    postgres.setRoundTrip(given.roundTripMs);
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const startedAt = performance.now();
      const lead = { name: "Ada", company: "Analytical Engines" };
      const input = { kind: "find_email", lead, options: { mode: "PROFESSIONAL" } } as const;
      await submitLead(context, { input, formKey: randomUUID() });
      times.push(performance.now() - startedAt);
    }
    const nearContext = { ...context, db: near.db };
    const submissionId = await confirmPeople(nearContext, "people_intelligence", LEADS);
    while (await prepareNextLeads(nearContext)) {}
    const { sent } = await dispatch(context, { forMs: 300_000 });
    if (sent !== LEADS) throw new Error(`Of the list ${sent} leads have gone out, and not ${LEADS}.`);
    const { perMinute } = await rateOf(given.near, submissionId);
    // The first has opened the connection.
    return { submitMs: median(times.slice(1)), perMinute };
  } finally {
    logAgain();
    postgres.setRoundTrip(0);
    await Promise.all([far.close(), near.close()]);
  }
}
