import Papa from "papaparse";
import { neutraliseCell } from "@/lib/exports/neutralise-cell";
import { type CheckedRow, checkRow, leadKey } from "@/lib/lists/check-rows";
import type { ColumnMapping } from "@/lib/lists/guess-columns";
import type { Table } from "@/lib/lists/read-table";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";

export interface ListCounts {
  rows: number;
  /** Those that would be submitted. */
  good: number;
  /** Those with something wrong that were not left out. */
  bad: number;
  /** Those that mean the same lead as one above them. */
  duplicates: number;
  skipped: number;
}

export interface BadRow {
  /** From 0, in the order of the list. */
  row: number;
  cells: string[];
  errors: { column: number; message: string }[];
}

/** One lead of the list, ready to be added to a draft. */
export interface ListLead {
  fields: Record<string, string>;
  cells: string[];
}

/**
 * A list while a person goes through it: what is wrong with which row, what they mended and what they left out. It holds
 * every row, and is asked for no more than fits on a page.
 */
export class ListBook {
  private checked: CheckedRow[] = [];
  private readonly skipped = new Set<number>();
  private duplicates = new Set<number>();
  private kind: TaskKindId | null = null;
  private mapping: ColumnMapping = [];
  private keepsDuplicates = false;

  constructor(private readonly table: Table) {}

  /** Checks every row anew. */
  check(given: { kind: TaskKindId; mapping: ColumnMapping; keepDuplicates: boolean }): ListCounts {
    this.kind = given.kind;
    this.mapping = given.mapping;
    this.keepsDuplicates = given.keepDuplicates;
    this.checked = this.table.rows.map((cells) => checkRow(given.kind, given.mapping, cells));
    return this.count();
  }

  /** The bad rows that were not left out, from the `from`th on. */
  badRows(from: number, limit: number): BadRow[] {
    const found: BadRow[] = [];
    let passed = 0;
    for (const [row, checked] of this.checked.entries()) {
      if (checked.type !== "bad" || this.skipped.has(row)) continue;
      passed += 1;
      if (passed <= from) continue;
      found.push({ row, cells: this.table.rows[row] ?? [], errors: checked.errors });
      if (found.length === limit) break;
    }
    return found;
  }

  /** Takes what a person made of a row. */
  mend(row: number, cells: string[]): { counts: ListCounts; errors: BadRow["errors"] } {
    if (!this.kind || !this.table.rows[row]) throw new Error(`There is no row ${row} to mend.`);
    this.table.rows[row] = this.table.columns.map((_, index) => cells[index] ?? "");
    const checked = checkRow(this.kind, this.mapping, this.table.rows[row]);
    this.checked[row] = checked;
    return { counts: this.count(), errors: checked.type === "bad" ? checked.errors : [] };
  }

  /** Leaves a row out, or every bad one. */
  skip(row: number | "bad"): ListCounts {
    if (row !== "bad") this.skipped.add(row);
    else for (const [index, checked] of this.checked.entries()) if (checked.type === "bad") this.skipped.add(index);
    return this.count();
  }

  /** Takes back whatever was left out: under another mapping nothing may be wrong with it. */
  bringBack(): ListCounts {
    this.skipped.clear();
    return this.count();
  }

  /** The bad rows, left out or not, with what is wrong with them: to be mended elsewhere. */
  badRowsAsCsv(): string {
    const lines = this.checked.flatMap((checked, row) => {
      if (checked.type !== "bad") return [];
      const problem = checked.errors.map(({ column, message }) => {
        const name = this.table.columns[column];
        return name ? `${name}: ${message}` : message;
      });
      return [[...(this.table.rows[row] ?? []), problem.join(" ")]];
    });
    const cells = [[...this.table.columns, "Problem"], ...lines].map((line) => line.map(neutraliseCell));
    return `\ufeff${Papa.unparse(cells, { newline: "\r\n" })}\r\n`;
  }

  /** The leads that would be submitted, from the `from`th on; fewer than `limit` only where there are no more. */
  leads(from: number, limit: number): ListLead[] {
    const found: ListLead[] = [];
    let passed = 0;
    for (const [row, checked] of this.checked.entries()) {
      if (checked.type !== "lead" || !this.isTaken(row)) continue;
      passed += 1;
      if (passed <= from) continue;
      found.push({ fields: checked.lead, cells: this.table.rows[row] ?? [] });
      if (found.length === limit) break;
    }
    return found;
  }

  private isTaken(row: number): boolean {
    return !this.skipped.has(row) && (this.keepsDuplicates || !this.duplicates.has(row));
  }

  private count(): ListCounts {
    this.duplicates = this.findDuplicates();
    const counts = { rows: this.checked.length, good: 0, bad: 0, duplicates: this.duplicates.size, skipped: 0 };
    for (const [row, { type }] of this.checked.entries()) {
      if (this.skipped.has(row)) counts.skipped += 1;
      else if (type === "bad") counts.bad += 1;
      else if (this.isTaken(row)) counts.good += 1;
    }
    return counts;
  }

  /** All but the first of those that mean the same lead. */
  private findDuplicates(): Set<number> {
    const seen = new Set<string>();
    const duplicates = new Set<number>();
    for (const [row, checked] of this.checked.entries()) {
      if (checked.type !== "lead" || this.skipped.has(row)) continue;
      const key = leadKey(checked.lead);
      if (seen.has(key)) duplicates.add(row);
      else seen.add(key);
    }
    return duplicates;
  }
}
