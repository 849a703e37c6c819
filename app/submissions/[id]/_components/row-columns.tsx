import type { DataColumn } from "@/app/_components/data-table";
import { figure } from "@/app/_components/figures";
import { Mark } from "@/app/_components/mark";
import { TitleCell } from "@/app/_components/title-cell";
import { Words } from "@/app/_components/words";
import { LEAD_STATES } from "@/app/submissions/_components/lead-states";
import { EmailMark, emailTypeWords } from "@/app/tasks/_components/email-mark";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import { StatusBadge } from "@/app/tasks/_components/status-badge";
import { taskHref } from "@/app/tasks/task-href";
import { cellText, flattenResult, RESULT_SECTIONS, type ResultCell } from "@/lib/exports/flatten-result";
import type { Asked } from "@/lib/sixtyfour/results";
import { describeMismatch, describeOtherName } from "@/lib/tasks/lead-result";
import type { SubmissionRowView } from "@/lib/tasks/lead-row-view";

/** More would be narrower than what stands in them; the download has them all. */
const MAX_RESULT_COLUMNS = 8;
/** Who the lead is stands in its own column. */
const SAID_ELSEWHERE = new Set(["name", "company", "task_id", "cost_cents"]);

/**
 * The columns of some rows: the place, the lead, its status, and one for each part of their results.
 *
 * @param asked the kind and output fields of their submission
 */
export function rowColumns(rows: SubmissionRowView[], asked: Asked): DataColumn<SubmissionRowView>[] {
  const cellsOf = ({ result, lead }: SubmissionRowView) => flattenResult(result, { ...asked, lead });
  const hasProblem = rows.some(({ error, mismatch, otherName }) => error || mismatch || otherName);
  return [
    {
      id: "row",
      header: "Row",
      width: 72,
      isLabelledOnCard: true,
      cell: (row) => (
        <Words isTabular tone="quiet">
          {figure(row.row + 1)}
        </Words>
      ),
    },
    {
      id: "lead",
      header: "Lead",
      width: 240,
      cell: (row) => <LeadCell row={row} />,
    },
    {
      id: "status",
      header: "Status",
      width: 150,
      cell: (row) => <RowStatus status={row.status} />,
    },
    ...resultColumns(rows.flatMap(cellsOf)).map(
      ({ section, name }): DataColumn<SubmissionRowView> => ({
        id: `${section}-${name}`,
        header: inWords(name),
        isLabelledOnCard: true,
        cell: (row) => {
          const cell = cellsOf(row).find((one) => one.section === section && one.name === name);
          return cell && <CellContent cell={cell} />;
        },
      }),
    ),
    ...(hasProblem
      ? [
          {
            id: "problem",
            header: "Problem",
            width: 240,
            cell: (row: SubmissionRowView) => (
              <Words tone={row.mismatch || row.error ? "bad" : "quiet"} lines={2}>
                {problemWords(row)}
              </Words>
            ),
          },
        ]
      : []),
  ];
}

/** Columns beside an email address, of an address that was found or one that Sixtyfour rejects. */
const BESIDE_EMAIL = /^(?:rejected_)?email(?:_\d+)?_(status|type)$/;

/** A cell as people read it: statuses and types of emails in words. */
function CellContent({ cell: { section, name, value } }: { cell: ResultCell }) {
  const text = cellText(value);
  const about = section === "field" ? undefined : BESIDE_EMAIL.exec(name)?.[1];
  if (about === "status") return <EmailMark status={text} />;
  return <Words lines={2}>{about === "type" ? emailTypeWords(text) : text}</Words>;
}

/** `email_status` as `Email status`. */
function inWords(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How wide a table of so many columns has to be for each to be read, in pixels. */
export function minWidthOf(columnCount: number): number {
  return 460 + columnCount * 120;
}

function problemWords({ mismatch, error, otherName }: SubmissionRowView): string | null {
  if (mismatch) return describeMismatch(mismatch);
  return error ?? (otherName && describeOtherName(otherName));
}

function resultColumns(cells: ResultCell[]): Pick<ResultCell, "section" | "name">[] {
  const found = new Map<string, ResultCell>();
  for (const cell of cells) {
    if (!cell.isSurplus && !SAID_ELSEWHERE.has(cell.name)) found.set(`${cell.section}:${cell.name}`, cell);
  }
  const place = ({ section }: ResultCell) => RESULT_SECTIONS.indexOf(section);
  return [...found.values()].sort((a, b) => place(a) - place(b)).slice(0, MAX_RESULT_COLUMNS);
}

function LeadCell({ row }: { row: SubmissionRowView }) {
  const { title, detail } = leadTitle({ lead: row.lead, erasedAt: null });
  if (row.taskId) return <TitleCell href={taskHref(row.taskId)} title={title} detail={detail} />;
  return (
    <>
      <Words isStrong lines={2}>
        {title}
      </Words>
      {detail && (
        <Words size="xs" tone="quiet" lines={1}>
          {detail}
        </Words>
      )}
    </>
  );
}

function RowStatus({ status }: { status: SubmissionRowView["status"] }) {
  if (status !== "preparing" && status !== "reused") return <StatusBadge status={status} />;
  const { label, color } = LEAD_STATES.find(({ state }) => state === status) ?? { label: status, color: "gray" };
  return <Mark color={color}>{label}</Mark>;
}
