import { counted } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import { Words } from "@/app/_components/words";
import { EmailMark } from "@/app/tasks/_components/email-mark";
import classes from "@/app/tasks/_components/result-summary.module.css";
import { taskHref } from "@/app/tasks/task-href";
import { type FoundField, readResult } from "@/lib/sixtyfour/results";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import { describeMismatch } from "@/lib/tasks/lead-result";
import { describeProblem } from "@/lib/tasks/task-problems";
import { isOpen } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

/** A task's result in one line. */
export function ResultSummary({ task }: { task: TaskView }) {
  if (task.errorCode) {
    return (
      <>
        <Words tone={task.status === "failed" && !task.retriedAsId ? "bad" : "quiet"} lines={2}>
          {task.errorMessage ?? describeProblem(task.errorCode).title}
        </Words>
        {task.retriedAsId && (
          <AnchorLink href={taskHref(task.retriedAsId)} size="sm">
            Submitted again since
          </AnchorLink>
        )}
      </>
    );
  }
  if (isOpen(task.status)) return <Quiet>On its way</Quiet>;
  if (task.status !== "completed") return <Quiet>None</Quiet>;
  if (task.shape === "file") return <Words>{fileWords(task)}</Words>;
  if (task.shape === "bulk") return <Words>{bulkWords(task)}</Words>;
  return <ResultLine result={task.result} kind={task.kind} />;
}

function fileWords({ fetchProblem, rowsStoredAt, leadCount }: TaskView): string {
  if (fetchProblem) return describeMismatch(fetchProblem);
  return rowsStoredAt ? counted(leadCount, "result") : "Being fetched";
}

function bulkWords({ result, leadCount }: TaskView): string {
  if (!Array.isArray(result)) return "Not a list of results";
  return result.length === leadCount
    ? counted(result.length, "result")
    : `${counted(result.length, "result")} for ${counted(leadCount, "lead")}`;
}

/** One lead's result in one line. */
export function ResultLine({ result, kind }: { result: unknown; kind: string }) {
  const lookedUpBy = findTaskKind(kind)?.lookedUpBy;
  const { emails, phones, fields, confidenceScore, totalScore, isQualified, rest } = readResult(result, lookedUpBy);
  const name = lookedUpBy ? profileName(rest) : null;
  if (name) {
    return <Words lines={2}>{name}</Words>;
  }
  const [email] = emails;
  if (email) {
    return (
      <div className={classes.email}>
        <Words lines={1} title={email.address}>
          {email.address}
        </Words>
        <EmailMark status={email.status} />
        {emails.length > 1 && <Quiet>+{emails.length - 1}</Quiet>}
      </div>
    );
  }
  if (phones.length > 0) {
    return (
      <Words isTabular>
        {phones[0]}
        {phones.length > 1 && ` +${phones.length - 1}`}
      </Words>
    );
  }
  if (totalScore !== null || isQualified !== null) {
    const verdict = isQualified === null ? null : isQualified ? "Qualified" : "Not qualified";
    const total = totalScore === null ? null : `${Math.round(totalScore * 100)} of 100`;
    return <Words isTabular>{[verdict, total].filter(Boolean).join(" · ")}</Words>;
  }
  const count = fields.length || rest.length;
  if (count === 0) return <Quiet>Nothing found</Quiet>;
  return (
    <Words>
      {count} {count === 1 ? "field" : "fields"}
      {confidenceScore !== null && <Quiet> · confidence {confidenceScore} of 10</Quiet>}
    </Words>
  );
}

/** Whom a reverse look-up has found. */
function profileName(rest: FoundField[]): string | null {
  const said = ["name", "title", "company"].map((key) => rest.find(({ name }) => name === key)?.value);
  return said.filter((value) => typeof value === "string" && value).join(" · ") || null;
}

function Quiet({ children }: { children: React.ReactNode }) {
  return (
    <Words as="span" tone="quiet">
      {children}
    </Words>
  );
}
