import { Group, Text } from "@mantine/core";
import { counted } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import { EmailMark } from "@/app/tasks/_components/email-mark";
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
        <Text
          size="sm"
          c={task.status === "failed" && !task.retriedAsId ? "var(--mantine-color-error)" : "dimmed"}
          lineClamp={2}
          className="break-anywhere"
        >
          {task.errorMessage ?? describeProblem(task.errorCode).title}
        </Text>
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
  if (task.shape === "file") return <Text size="sm">{fileWords(task)}</Text>;
  if (task.shape === "bulk") return <Text size="sm">{bulkWords(task)}</Text>;
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
    return (
      <Text size="sm" lineClamp={2} className="break-anywhere">
        {name}
      </Text>
    );
  }
  const [email] = emails;
  if (email) {
    return (
      <Group gap={6} wrap="nowrap">
        <Text size="sm" truncate title={email.address}>
          {email.address}
        </Text>
        <EmailMark status={email.status} />
        {emails.length > 1 && <Quiet>+{emails.length - 1}</Quiet>}
      </Group>
    );
  }
  if (phones.length > 0) {
    return (
      <Text size="sm" className="tabular">
        {phones[0]}
        {phones.length > 1 && ` +${phones.length - 1}`}
      </Text>
    );
  }
  if (totalScore !== null || isQualified !== null) {
    const verdict = isQualified === null ? null : isQualified ? "Qualified" : "Not qualified";
    const total = totalScore === null ? null : `${Math.round(totalScore * 100)} of 100`;
    return (
      <Text size="sm" className="tabular">
        {[verdict, total].filter(Boolean).join(" · ")}
      </Text>
    );
  }
  const count = fields.length || rest.length;
  if (count === 0) return <Quiet>Nothing found</Quiet>;
  return (
    <Text size="sm">
      {count} {count === 1 ? "field" : "fields"}
      {confidenceScore !== null && (
        <Text span inherit c="dimmed">
          {" "}
          · confidence {confidenceScore} of 10
        </Text>
      )}
    </Text>
  );
}

/** Whom a reverse look-up has found. */
function profileName(rest: FoundField[]): string | null {
  const said = ["name", "title", "company"].map((key) => rest.find(({ name }) => name === key)?.value);
  return said.filter((value) => typeof value === "string" && value).join(" · ") || null;
}

function Quiet({ children }: { children: React.ReactNode }) {
  return (
    <Text size="sm" c="dimmed" span>
      {children}
    </Text>
  );
}
