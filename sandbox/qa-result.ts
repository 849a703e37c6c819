/** The made-up result of the QA agent: the fields of its struct as texts, and notes. */
import { imagineSubject, type Subject, slug } from "@/sandbox/fiction";
import { finds, isAlwaysFound, type MadeResult, seedOf } from "@/sandbox/made-result";
import { PRICE_CENTS } from "@/sandbox/prices";
import type { QaRequest } from "@/sandbox/requests";
import { type SeededRandom, seededRandom } from "@/sandbox/seeded-random";
import { imagineText } from "@/sandbox/struct-values";

/** The least score, of 10, with which a lead qualifies. */
const QUALIFIES_FROM = 6;

interface Judgement {
  subject: Subject;
  /** By the slug of the criterion's name, 0 to 10. */
  scores: Map<string, number>;
  score: number;
  isQualified: boolean;
}

/** Returns `{structured_data, notes}`. The score, the verdict and the reason of one result agree with each other. */
export function judge(request: QaRequest): MadeResult {
  const random = seededRandom({ task: "qa_agent", request: seedOf(request) });
  const judgement = imagineJudgement(request, random);
  const fields = Object.keys(request.struct ?? {}).map((name) => [name, answer(name, judgement, random)]);
  return {
    result: { structured_data: Object.fromEntries(fields), notes: notesOn(judgement) },
    costCents: PRICE_CENTS.qa,
  };
}

function imagineJudgement({ data, qualification_criteria: criteria }: QaRequest, random: SeededRandom): Judgement {
  const [least, most] = isAlwaysFound(data) ? [QUALIFIES_FROM, 10] : finds(data) ? [0, 10] : [0, 0];
  // Criteria of one lead tend to agree, so the scores lie around a common one: else no lead were very good or bad.
  const common = random.int(least, most);
  const scores = criteria.map(({ criteria_name, weight }) => ({
    name: slug(criteria_name, "_"),
    weight,
    score: Math.min(most, Math.max(least, common + random.int(-2, 2))),
  }));
  const totalWeight = scores.reduce((total, { weight }) => total + weight, 0);
  const score = Math.round(scores.reduce((total, one) => total + one.score * one.weight, 0) / totalWeight);
  return {
    subject: imagineSubject(data, random),
    scores: new Map(scores.map((one) => [one.name, one.score])),
    score,
    isQualified: score >= QUALIFIES_FROM,
  };
}

function answer(name: string, judgement: Judgement, random: SeededRandom): string {
  const { isQualified, score, scores, subject } = judgement;
  if (/^score_/i.test(name)) return String(scores.get(name.slice("score_".length).toLowerCase()) ?? score);
  if (/reason/i.test(name)) return /disqualif/i.test(name) && isQualified ? "" : reasonFor(judgement);
  if (/recommend/i.test(name)) return isQualified ? "Contact this lead soon." : "Do not contact this lead for now.";
  if (/suitability|score/i.test(name)) return String(score);
  if (/verdict|decision|qualif(y|ied)$/i.test(name)) return isQualified ? "YES" : "NO";
  return imagineText(name, subject, random);
}

function reasonFor({ subject, isQualified }: Judgement): string {
  return isQualified
    ? `The public pages of ${subject.company} support most of the criteria.`
    : `The public pages of ${subject.company} do not support enough of the criteria.`;
}

function notesOn(judgement: Judgement): string {
  const { subject, score, isQualified } = judgement;
  return [
    `${subject.name} of ${subject.company} was compared with the criteria, for development only.`,
    reasonFor(judgement),
    `All in all the lead scores ${score} of 10 and is ${isQualified ? "" : "not "}a good fit.`,
  ].join(" ");
}
