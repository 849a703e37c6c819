import type { AlarmCounts, AlarmKind } from "@/lib/alarms/find-causes";

/** raised: it is news · still: a reminder · over: its cause was not found for a while. */
export type AlarmState = "raised" | "still" | "over";

interface Words {
  /** Also the heading of its part of the runbook. */
  title: string;
  tell(counts: AlarmCounts): string;
  /** Where in the dashboard one sees it. */
  path: string;
}

const WORDS: Record<AlarmKind, Words> = {
  deliveries_refused: {
    title: "Deliveries are refused",
    tell: ({ refused, minutes }) => `${refused} webhook requests with a token were refused within ${minutes} minutes.`,
    path: "/deliveries?outcome=refused&within=hour",
  },
  results_undelivered: {
    title: "Results come without their webhook",
    tell: ({ lost, ended, late }) =>
      `Of ${ended} results of the last hour ${lost} came by poll alone; ${late} tasks run far longer than they should.`,
    path: "/overview",
  },
  queue_paused: {
    title: "Sixtyfour's answer has paused a list",
    tell: (counts) =>
      `Paused: ${Object.entries(counts)
        .map(([reason, paused]) => `${paused} for ${reason.replaceAll("_", " ")}`)
        .join(", ")}.`,
    path: "/submissions",
  },
  submits_unconfirmed: {
    title: "Submits are unconfirmed",
    tell: ({ unconfirmed }) => `Of ${unconfirmed} submits nobody knows whether they were accepted: a person decides.`,
    path: "/?status=unconfirmed",
  },
  nothing_sent: {
    title: "Nothing can be sent",
    tell: ({ waiting, minutes }) => `${waiting} tasks wait, and Sixtyfour has accepted none for ${minutes} minutes.`,
    path: "/?status=queued",
  },
};

export const ALARM_KINDS = Object.keys(WORDS) as AlarmKind[];

const STATES: Record<AlarmState, string> = { raised: "Alarm", still: "Still on", over: "Over" };

/**
 * What is told of an alarm: counts, and where to look. Nothing of a lead, nor of what Sixtyfour said.
 *
 * @param appUrl the dashboard's origin; without one there is no link to it
 */
export function alarmWords(
  kind: AlarmKind,
  state: AlarmState,
  counts: AlarmCounts,
  appUrl: string | undefined,
): { text: string; dashboard: string | null; runbook: string } {
  const { title, tell, path } = WORDS[kind];
  const dashboard = appUrl === undefined ? null : `${appUrl}${path}`;
  const runbook = `docs/operations.md#${anchorOf(title)}`;
  const lines = [`${STATES[state]}: ${title}. ${state === "over" ? "" : tell(counts)}`.trim()];
  if (state !== "over") lines.push(...(dashboard ? [`Look: ${dashboard}`] : []), `What to do: ${runbook}`);
  return { text: lines.join("\n"), dashboard, runbook };
}

/** The anchor that a heading of a Markdown document has. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}
