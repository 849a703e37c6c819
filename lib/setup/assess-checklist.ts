import { ANSWER_LIMIT_IN_MS } from "@/lib/setup/diagnose-preflight";
import type { DayFigures } from "@/lib/setup/measure-day";
import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";
import { unknownOf } from "@/lib/setup/unknown-of";

type Verdict = Pick<SetupPoint, "state" | "finding" | "mend">;

/** Half of the time that Sixtyfour waits: what takes longer may take too long tomorrow. */
const SLOW_ANSWER_IN_MS = ANSWER_LIMIT_IN_MS / 2;
/** Now and then a connection breaks. More retries than these have a cause. */
const USUAL_RETRY_SHARE = 0.05;

/** Sixtyfour's own checklist for production, point by point: what the app does by itself, and how that went. */
export function assessChecklist({ day, surroundings: { target } }: SetupFacts): SetupPoint[] {
  const measured = (read: (figures: DayFigures) => Verdict): Verdict => (day.known ? read(day.value) : unknownOf(day));
  const points: Omit<SetupPoint, "group">[] = [
    {
      id: "task-ids",
      title: "Store every task_id",
      state: "ok",
      finding: "A task is stored before it is sent, and its task_id with the answer.",
      mend: null,
      isAutomatic: true,
    },
    { id: "matched", title: "Check webhooks against it", ...measured(readMatched), isAutomatic: true },
    { id: "answers", title: "Answer within 10 seconds", ...measured(readAnswers), isAutomatic: true },
    { id: "retries", title: "Survive retries", ...measured(readRetries), isAutomatic: true },
    { id: "duplicates", title: "Survive duplicates", ...measured(readDuplicates), isAutomatic: true },
    {
      id: "lost",
      title: "Watch for webhooks that never arrive, and poll",
      ...measured((figures) => readLost(figures, target.url !== null)),
      isAutomatic: true,
    },
  ];
  return points.map((point) => ({ group: "checklist", ...point }));
}

function readMatched({ deliveries, unmatched }: DayFigures): Verdict {
  if (unmatched === 0) {
    return {
      state: "ok",
      finding: `Each delivery is looked up by its token and task_id. ${deliveries === 0 ? "None came in the last 24 hours." : "In the last 24 hours each one found its task, or was none of a task."}`,
      mend: null,
    };
  }
  return {
    state: "warn",
    finding: `${unmatched} of the last 24 hours named a task_id that is not here; ${unmatched === 1 ? "it was" : "they were"} kept, and applied to nothing.`,
    mend: "Look at them in the log of deliveries: another app may use the same address, or the same key without this app.",
  };
}

function readAnswers({ slowestMs }: DayFigures): Verdict {
  if (slowestMs === null) return { state: "ok", finding: "No delivery came in the last 24 hours.", mend: null };
  const finding = `The slowest of the last 24 hours took ${slowestMs < 1_000 ? `${slowestMs} ms` : `${(slowestMs / 1000).toFixed(1)} s`}.`;
  if (slowestMs < SLOW_ANSWER_IN_MS) return { state: "ok", finding, mend: null };
  return {
    state: slowestMs >= ANSWER_LIMIT_IN_MS ? "bad" : "warn",
    finding,
    mend: "Put app and database into one region, and see whether either is overloaded.",
  };
}

function readRetries({ deliveries, retries }: DayFigures): Verdict {
  if (retries === 0) return { state: "ok", finding: "None was needed in the last 24 hours.", mend: null };
  const finding = `${retries} of ${deliveries} deliveries of the last 24 hours were not the first attempt.`;
  if (retries / deliveries <= USUAL_RETRY_SHARE) return { state: "ok", finding, mend: null };
  return {
    state: "warn",
    finding,
    mend: "First attempts fail: run the preflight, and look for refused ones in the log of deliveries and for restarts.",
  };
}

function readDuplicates({ duplicates }: DayFigures): Verdict {
  const came =
    duplicates === 0
      ? "None came in the last 24 hours."
      : `${duplicates} came in the last 24 hours, and changed nothing.`;
  return { state: "ok", finding: `A task ends once, whatever comes after. ${came}`, mend: null };
}

function readLost({ via: { webhook, poll, reconcile } }: DayFigures, asksForWebhooks: boolean): Verdict {
  if (!asksForWebhooks) {
    return { state: "ok", finding: "No webhooks are asked for, so the app polls for every result.", mend: null };
  }
  const all = webhook + poll + reconcile;
  const came = all === 0 ? "" : ` In the last 24 hours it did so for ${reconcile} of ${all}.`;
  return { state: "ok", finding: `What is late is asked about by job-status.${came}`, mend: null };
}
