import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";
import { spanWords } from "@/lib/setup/span-words";
import { unknownOf } from "@/lib/setup/unknown-of";

/** A daily schedule, with an hour of grace: hosts call within the hour and not on the minute. */
const CRON_WITHIN_SECONDS = 25 * 3_600;

/** What has to run for the app to do its work by itself. */
export function assessOperation(facts: SetupFacts): SetupPoint[] {
  return [{ id: "cron", group: "operation", title: "Scheduler", ...readCron(facts) }];
}

function readCron({
  surroundings: { isServerless, hasCronSecret },
  marks,
  now,
}: SetupFacts): Pick<SetupPoint, "state" | "finding" | "mend"> {
  if (!isServerless) {
    return {
      state: "ok",
      finding:
        "None is needed: this process lives on between requests, and sends, polls and fetches by timers of its own.",
      mend: null,
    };
  }
  if (!hasCronSecret) {
    return {
      state: "bad",
      finding: "`CRON_SECRET` is not set, so `/api/cron/reconcile` refuses the scheduler.",
      mend: "Set `CRON_SECRET` to at least 16 random characters, and deploy again.",
    };
  }
  if (!marks.known) return unknownOf(marks);
  const { cronAt } = marks.value;
  const mend =
    "See in the host’s settings that the schedule of `vercel.json` is active, and that `CRON_SECRET` is set for production. Meanwhile open dashboards, submits and webhooks do its work.";
  if (!cronAt) return { state: "warn", finding: "The scheduler has never called `/api/cron/reconcile`.", mend };
  const ageInSeconds = (now.getTime() - cronAt.getTime()) / 1000;
  const called = `The scheduler last called ${ageInSeconds < 60 ? "within the last minute" : `${spanWords(ageInSeconds)} ago`}`;
  if (ageInSeconds > CRON_WITHIN_SECONDS) {
    return { state: "warn", finding: `${called}, and should once a day.`, mend };
  }
  return { state: "ok", finding: `${called}.`, mend: null };
}
