import { counted, figure } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import { Words } from "@/app/_components/words";
import { EmailMark } from "@/app/tasks/_components/email-mark";
import classes from "@/app/tasks/_components/result-summary.module.css";
import { taskHref } from "@/app/tasks/task-href";
import type { ResultSummary as Summary } from "@/lib/sixtyfour/results/summary";
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
  if (isOpen(task.status)) return <Quiet>{progressWords(task) ?? "In progress"}</Quiet>;
  if (task.status !== "completed") return <Quiet>None</Quiet>;
  if (task.shape === "file") return <Words>{fileWords(task)}</Words>;
  if (task.shape === "bulk") return <Words>{bulkWords(task)}</Words>;
  return task.summary && <ResultLine summary={task.summary} />;
}

function progressWords({ progress }: TaskView): string | null {
  return progress && `${figure(progress.completed)} of ${counted(progress.total, "lead")} processed`;
}

function fileWords({ fetchProblem, rowsStoredAt, foundCount, leadCount }: TaskView): string {
  if (fetchProblem) return describeMismatch(fetchProblem);
  return rowsStoredAt ? foundWords(foundCount, leadCount) : "Fetching the results";
}

function bulkWords({ resultCount, foundCount, leadCount }: TaskView): string {
  if (resultCount === null) return "Not a list of results";
  return resultCount === leadCount
    ? foundWords(foundCount, leadCount)
    : `${counted(resultCount, "result")} for ${counted(leadCount, "lead")}`;
}

function foundWords(foundCount: number | null, leadCount: number): string {
  return foundCount === null ? counted(leadCount, "result") : `Found for ${figure(foundCount)} of ${figure(leadCount)}`;
}

/** One lead's result in one line. */
export function ResultLine({ summary: { parts, more, emailStatus } }: { summary: Summary }) {
  if (parts.length === 0) return <Quiet>Nothing found</Quiet>;
  if (emailStatus) {
    return (
      <div className={classes.email}>
        <Words lines={1} title={parts[0]}>
          {parts[0]}
        </Words>
        <EmailMark status={emailStatus} />
        {more > 0 && <Quiet>+{more}</Quiet>}
      </div>
    );
  }
  return (
    <Words lines={2}>
      {parts.join(" · ")}
      {more > 0 && <Quiet> +{more}</Quiet>}
    </Words>
  );
}

function Quiet({ children }: { children: React.ReactNode }) {
  return (
    <Words as="span" tone="quiet">
      {children}
    </Words>
  );
}
