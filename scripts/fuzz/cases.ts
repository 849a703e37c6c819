import { type SeededRandom, seededRandom } from "@/sandbox/seeded-random";
import { BODIES, rightEvent } from "@/scripts/fuzz/bodies";
import { buildRequest, drawClaim, type FuzzRequest, type FuzzWorld } from "@/scripts/fuzz/fuzz-request";
import { TWISTS } from "@/scripts/fuzz/twists";

export interface FuzzCase {
  number: number;
  category: string;
  request: FuzzRequest;
}

/** What came back: an HTTP status; or the connection was closed without one; or nothing within the time. */
export type FuzzAnswer = number | "closed" | "hang";

const OVER_THE_CAP = "over the cap";
const STALLS = "sender stalls";
/** Slow or large ones: so many of each in a run, and not a share of it. */
const RARE = { [OVER_THE_CAP]: 12, [STALLS]: 6 } as const;
const CAP_BYTES = 10_000_000;

const COMMON = [...Object.keys(BODIES), ...Object.keys(TWISTS).filter((name) => name !== STALLS)];

/** The case of this number: the same in every run with this seed, apart from ids, tokens and times. */
export function makeCase(seed: number, number: number, total: number, world: FuzzWorld): FuzzCase {
  const random = seededRandom(["case", seed, number]);
  const category = categoryOf(random, number, total);
  const claim = drawClaim(random, world);
  const makeBody = BODIES[category];
  if (makeBody) {
    const request = buildRequest(random, claim, makeBody(random, claim.taskId));
    return { number, category, request: random.chance(0.2) ? { ...request, framing: "chunked" } : request };
  }
  if (category === OVER_THE_CAP) {
    const name = "x".repeat(CAP_BYTES + random.pick([0, 1, 5_000_000]));
    const request = buildRequest(random, claim, JSON.stringify({ ...rightEvent(claim.taskId), result: { name } }));
    return { number, category, request: { ...request, framing: random.pick(["length", "chunked"]) } };
  }
  const request = buildRequest(random, claim, JSON.stringify(rightEvent(claim.taskId)));
  return { number, category, request: TWISTS[category]?.(request, random, claim) ?? request };
}

/** Rare ones stand at even distances; small runs have as many of them as there is room. */
function categoryOf(random: SeededRandom, number: number, total: number): string {
  for (const [category, count] of Object.entries(RARE)) {
    const every = Math.max(2, Math.floor(total / count));
    if (number % every === (category === STALLS ? 1 : 0)) return category;
  }
  const [first = "", ...others] = COMMON;
  return random.pick([first, ...others]);
}

/** No answer at all is right only where HTTP itself was broken, or the server need not read on. */
const MAY_BE_CLOSED = new Set([
  "broken framing",
  "content-length too large",
  "content-length too small",
  "10,000 v1",
  "huge header",
  "odd host",
  OVER_THE_CAP,
]);

/** Why this answer is wrong; null where it may be. */
export function complaint({ category }: FuzzCase, answer: FuzzAnswer): string | null {
  if (answer === "hang") return "no answer in time";
  if (answer === "closed") return MAY_BE_CLOSED.has(category) ? null : "closed without an answer";
  // A sender that stalls can only be told to try again.
  if (answer === 503 && category === STALLS) return null;
  // Next fails to represent this method, before any code of ours runs: https://fetch.spec.whatwg.org/#forbidden-method
  if (answer === 500 && category === "TRACE") return null;
  return answer >= 500 ? `answered with ${answer}` : null;
}
