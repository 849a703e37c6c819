import type { ColumnMapping } from "@/lib/lists/guess-columns";
import type { BadRow, ListCounts, ListLead } from "@/lib/lists/list-book";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";

/** What the page knows of a list: never all of its rows. */
export interface ListSummary {
  columns: string[];
  rowCount: number;
  /** The first rows. */
  preview: string[][];
  hasHeader: boolean;
}

/** What the page asks of the worker that holds the list, by name: what it gives, and what comes back. */
export interface ListCalls {
  /** A file, or what was pasted. */
  read: { given: { source: File | string }; answer: ListSummary | { problem: string } };
  /** Reads the same again, with its first line taken for the headers or not. */
  reread: { given: { hasHeader: boolean }; answer: ListSummary | { problem: string } };
  check: { given: { kind: TaskKindId; mapping: ColumnMapping; keepDuplicates: boolean }; answer: ListCounts };
  badRows: { given: { from: number; limit: number }; answer: BadRow[] };
  mend: { given: { row: number; cells: string[] }; answer: { counts: ListCounts; errors: BadRow["errors"] } };
  skip: { given: { row: number | "bad" }; answer: ListCounts };
  /** Takes back whatever was left out. */
  bringBack: { given: Record<string, never>; answer: ListCounts };
  badRowsAsCsv: { given: Record<string, never>; answer: string };
  leads: { given: { from: number; limit: number }; answer: ListLead[] };
}

export type ListCallName = keyof ListCalls;

export interface ListRequest<Name extends ListCallName = ListCallName> {
  id: number;
  name: Name;
  given: ListCalls[Name]["given"];
}

export type ListAnswer = { id: number; answer: unknown } | { id: number; error: string };
