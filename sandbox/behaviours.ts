/**
 * Names that make the sandbox misbehave on purpose. A lead shows one where its company, company_name, name or full_name
 * is exactly that name, in whatever case.
 */
export const BEHAVIOURS = {
  neverDelivers: {
    name: "Never Delivers Ltd",
    effect: "The job completes, but its webhook is never sent: only a poll learns the result.",
  },
  fails: { name: "Fails Inc", effect: "The job ends as failed, with an error sentence." },
  slow: { name: "Slow GmbH", effect: "The job takes 60 seconds." },
  twice: { name: "Twice Corp", effect: "The webhook comes twice at the same moment, with the same event id." },
  late: {
    name: "Late Webhook Oy",
    effect: "The webhook comes 15 seconds after the job's end.",
  },
  forged: {
    name: "Forged AB",
    effect: "Right before the webhook a forged one comes, with a wrong result and without the secret.",
  },
  rotated: {
    name: "Rotated Secret BV",
    effect: "The webhook is signed with a secret that the app does not know, on each of its five attempts.",
  },
  lostAnswer: {
    name: "Lost Answer LLC",
    effect: "The submit is accepted and charged, but the connection breaks before the answer.",
  },
  alwaysFound: {
    name: "Analytical Engines",
    effect: "The job completes and has found what it was asked for, which others do with some luck.",
  },
  looseTypes: {
    name: "Loose Types Oy",
    effect: "The job completes, with numbers as texts, a number as task_type, and null as the submit's status.",
  },
  nothingFound: { name: "Nothing Found AG", effect: "The job completes and has found nothing." },
  busy: { name: "Busy Ltd", effect: "The lead's first submit is refused with 429 and Retry-After: 5." },
  broke: { name: "Broke Ltd", effect: "The lead's first submit is refused with 402: not enough credits." },
  gated: { name: "Gated SE", effect: "The submit is refused with 403: the feature is not enabled." },
  down: {
    name: "Down Inc",
    effect: "The lead's first submit is answered with 503 and an HTML page, and nothing is accepted.",
  },
} as const satisfies Record<string, { name: string; effect: string }>;

export type BehaviourId = keyof typeof BEHAVIOURS;

const ids = Object.keys(BEHAVIOURS) as BehaviourId[];
const byName = new Map(ids.map((id) => [BEHAVIOURS[id].name.toLowerCase(), id]));

/** The behaviours that the leads of one request ask for by their names. */
export function findBehaviours(leads: Record<string, unknown>[]): Set<BehaviourId> {
  const found = leads
    .flatMap((lead) => [lead.company, lead.company_name, lead.name, lead.full_name])
    .map((name) => (typeof name === "string" ? byName.get(name.trim().toLowerCase()) : undefined));
  return new Set(found.filter((id) => id !== undefined));
}
