import { counted, figure } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import { Words } from "@/app/_components/words";
import { EmailMark } from "@/app/tasks/_components/email-mark";
import classes from "@/app/tasks/_components/result-summary.module.css";
import { verdictWords } from "@/app/tasks/[id]/_components/qualification-card";
import { taskHref } from "@/app/tasks/task-href";
import { type Asked, type ResultView, readResult } from "@/lib/sixtyfour/results";
import { isUsable } from "@/lib/sixtyfour/results/contacts";
import { saysSomething } from "@/lib/sixtyfour/results/values";
import { describeMismatch, describeOtherName } from "@/lib/tasks/lead-result";
import { describeProblem } from "@/lib/tasks/task-problems";
import { isOpen } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

/** More values than this would not fit two lines. */
const MAX_VALUES = 3;
const MAX_VALUE_LENGTH = 60;

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
  return <ResultLine result={task.result} asked={task} />;
}

function progressWords({ progress }: TaskView): string | null {
  return progress && `${figure(progress.completed)} of ${counted(progress.total, "lead")} processed`;
}

function fileWords({ fetchProblem, rowsStoredAt, foundCount, leadCount }: TaskView): string {
  if (fetchProblem) return describeMismatch(fetchProblem);
  return rowsStoredAt ? foundWords(foundCount, leadCount) : "Fetching the results";
}

function bulkWords({ result, foundCount, leadCount }: TaskView): string {
  if (!Array.isArray(result)) return "Not a list of results";
  return result.length === leadCount
    ? foundWords(foundCount, leadCount)
    : `${counted(result.length, "result")} for ${counted(leadCount, "lead")}`;
}

function foundWords(foundCount: number | null, leadCount: number): string {
  return foundCount === null ? counted(leadCount, "result") : `Found for ${figure(foundCount)} of ${figure(leadCount)}`;
}

/** One lead's result in one line: the answers themselves. */
export function ResultLine({ result, asked }: { result: unknown; asked: Asked }) {
  const view = readResult(result, asked);
  if (!view.isFound) return <Quiet>Nothing found</Quiet>;
  const usable = view.emails.filter(isUsable);
  const [email] = usable;
  if (email && asked.kind !== "find_phone") {
    return (
      <div className={classes.email}>
        <Words lines={1} title={email.address}>
          {email.address}
        </Words>
        <EmailMark status={email.status} />
        {usable.length > 1 && <Quiet>+{usable.length - 1}</Quiet>}
      </div>
    );
  }
  const [phone] = view.phones;
  if (phone && !view.profile) {
    return (
      <Words isTabular>
        {phone.number}
        {view.phones.length > 1 && ` +${view.phones.length - 1}`}
      </Words>
    );
  }
  const parts = partsOf(view, asked);
  const shown = parts.slice(0, MAX_VALUES);
  return (
    <Words lines={2}>
      {shown.join(" · ")}
      {parts.length > shown.length && <Quiet> +{parts.length - shown.length}</Quiet>}
    </Words>
  );
}

/** Sixtyfour's name for a lead, where it is somebody else's. */
export function OtherName({ name }: { name: string | null }) {
  return name && <Quiet>{describeOtherName(name)}</Quiet>;
}

/** The answers of a result as short texts: who, the verdict, the values that were asked for, the people. */
function partsOf(
  { profile, qualification, fields, people, notes, findings, other }: ResultView,
  asked: Asked,
): string[] {
  if (profile) return [profile.name, profile.title, profile.company].filter((part) => part !== null);
  if (qualification) {
    const { score, reason } = qualification;
    const parts = [verdictWords(qualification), score === null ? "" : `${score} of 10`, reason ?? ""];
    return parts.filter(Boolean).map(shorten);
  }
  const isAsked = (name: string) => !asked.outputs?.length || asked.outputs.includes(name);
  const values = fields
    .filter(({ name, value }) => isAsked(name) && saysSomething(value, name))
    .map(({ name, value }) => shorten(valueWords(name, value)));
  const parts = people.length > 0 ? [counted(people.length, "person", "people"), ...values] : values;
  if (parts.length > 0) return parts;
  return [notes ?? findings[0] ?? otherWords(other)].map(shorten);
}

function valueWords(name: string, value: unknown): string {
  if (typeof value === "boolean") return `${name.replaceAll("_", " ")}: ${value ? "yes" : "no"}`;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function otherWords(other: ResultView["other"]): string {
  return counted(other.length, "value");
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_VALUE_LENGTH ? `${line.slice(0, MAX_VALUE_LENGTH - 1)}…` : line;
}

function Quiet({ children }: { children: React.ReactNode }) {
  return (
    <Words as="span" tone="quiet">
      {children}
    </Words>
  );
}
