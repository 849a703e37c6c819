import type { PreflightReport } from "@/lib/setup/preflight-report";

const NO_ANSWER: Record<Extract<PreflightReport["answer"], { type: "none" }>["reason"], string> = {
  dns: "No answer: the name is not known.",
  refused: "No answer: the connection was refused.",
  tls: "No answer: no secure connection came about.",
  timeout: "No answer in time.",
  no_route: "No answer: there is no way there.",
  broken: "No answer: the connection broke.",
};

/** What a preflight sent and what came back, each in a sentence. */
export function preflightWords(report: PreflightReport): { sent: string; came: string; log: string } {
  const { sentTo, bodyBytes, isSigned, tookMs, answer, log } = report;
  return {
    sent: `POST to ${sentTo}, ${bodyBytes} bytes, ${isSigned ? "signed with the first secret" : "unsigned, since no secret is set"}.`,
    came: answer.type === "none" ? NO_ANSWER[answer.reason] : answerWords(answer, tookMs),
    log: logWords(log),
  };
}

function answerWords(answer: Extract<PreflightReport["answer"], { type: "answer" }>, tookMs: number): string {
  const { status, form, redirect } = answer;
  const what = { ours: "as this app answers", html: "with a web page", other: "in words that are not this app’s" };
  const where = redirect ? `, sent on to ${redirect.origin ?? ""}${redirect.path}` : `, ${what[form]}`;
  return `${status} after ${tookMs < 1_000 ? `${tookMs} ms` : `${(tookMs / 1000).toFixed(1)} s`}${where}.`;
}

const BODIES = { same: "unchanged", rewritten: "rewritten", changed: "changed" };

const SIGNATURES = {
  valid: "right",
  unsigned: "not checked, since no secret is set there",
  missing: "missing",
  malformed: "not to be read",
  mismatch: "refused",
  expired: "too old or too new",
};

function logWords(log: PreflightReport["log"]): string {
  if (log.type === "missing") return "Not in the log of deliveries: it did not arrive at this database.";
  if (log.type === "unreadable") return "The log of deliveries could not be read.";
  return `In the log of deliveries, body ${BODIES[log.body]}, signature ${SIGNATURES[log.signature]}.`;
}
