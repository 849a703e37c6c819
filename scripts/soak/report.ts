import type { SoakOptions } from "@/scripts/soak/options";
import type { SoakOutcome } from "@/scripts/soak/run-soak";
import { textTable } from "@/scripts/soak/text-table";
import { isPassed } from "@/scripts/soak/verdict";

const MAX_OFFENDERS = 20;

/** Whether the bar is met; an app that ended by itself has missed it, whatever became of the leads. */
export function isBarMet({ verdict, crashes }: SoakOutcome): boolean {
  return isPassed(verdict) && crashes.length === 0;
}

/** The table that a soak ends with, and under it who missed the bar. */
export function soakReport(outcome: SoakOutcome, options: SoakOptions): string {
  const { verdict, stats, forgeries, disruptions, crashes } = outcome;
  const table = textTable(
    ["soak", "count"],
    [
      ["copies of the app", `${options.instances}${options.pooled ? ", through PgBouncer" : ""}`],
      ["leads in", verdict.leads],
      ["ended", `${verdict.ended} (${percent(verdict.ended, verdict.leads)})`],
      ["right results", `${verdict.right} (${percent(verdict.right, verdict.leads)})`],
      ["lost", verdict.lost],
      ["submitted twice without a person's word", verdict.doubled],
      ["submitted twice at a person's word", verdict.doubledAtAPersonsWord],
      ["jobs that the sandbox accepted", stats.accepted],
      ["delivered by webhook / by poll", `${verdict.byWebhook} / ${verdict.byPoll}`],
      ["submit answers lost", stats.chaos.answersLost],
      ["submits refused with 429", stats.chaos.refused],
      ["webhooks lost for good", stats.chaos.webhooksLost],
      ["webhooks sent twice / late", `${stats.chaos.twice} / ${stats.chaos.late}`],
      ["forged deliveries sent / answered 200", `${forgeries.sent} / ${forgeries.taken}`],
      ["app killed with -9", disruptions.kill],
      ["database stopped", `${disruptions["stop database"]} × ${options.stopSeconds} s`],
      ["app ended by itself", crashes.length],
      ["forms sent more than once", outcome.repeatedForms],
      ['"Send now" / "Submit again" pressed', `${outcome.presses.sendNow} / ${outcome.presses.submitAgain}`],
      ["time to submit all", seconds(outcome.submittedInMs)],
      ["time in all", seconds(outcome.tookMs)],
    ],
  );
  const offenders = verdict.offenders
    .slice(0, MAX_OFFENDERS)
    .map(({ taskId, company, status, why }) => `- ${taskId} · ${company} · ${status} · ${why}`);
  const more = verdict.offenders.length - offenders.length;
  return [
    table,
    ...(offenders.length > 0 ? ["", "Leads that miss the bar:", ...offenders] : []),
    ...(more > 0 ? [`… and ${more} more.`] : []),
    ...crashes.map((words) => `The app ${words}, and nobody had killed it.`),
  ].join("\n");
}

/** One line for a log that is skimmed. */
export function soakLine(outcome: SoakOutcome, options: SoakOptions): string {
  const { verdict, tookMs } = outcome;
  return (
    `soak ${isBarMet(outcome) ? "passed" : "FAILED"} (seed ${options.seed}): ${verdict.right} of ${verdict.leads} leads right, ` +
    `${verdict.lost} lost, ${verdict.doubled} submitted twice, ${seconds(tookMs)}`
  );
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.floor((10_000 * part) / whole) / 100} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
