import { and, asc, eq, gt, sql } from "drizzle-orm";
import Papa from "papaparse";
import type { Database } from "@/db/client";
import { leads } from "@/db/schema";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";

const LEADS_PER_PAGE = 5_000;

/** So many leads as one CSV file at most: Sixtyfour takes 100 MB, and a file is a little larger than what is in it. */
export const MAX_FILE_BYTES = 90_000_000;

/**
 * The leads of a task as a CSV file in UTF-8, in the order of their places. The same task gives the same file, so that it
 * can be sent again under the same idempotency key.
 */
export async function makeLeadFile(db: Database, task: { id: string; kind: string }): Promise<Blob> {
  const columns = await columnsOfLeads(db, task);
  const parts = [toCsv([columns])];
  for await (const page of readLeads(db, task.id)) {
    parts.push(toCsv(page.map(({ fields }) => columns.map((column) => fields[column] ?? ""))));
  }
  return new Blob(parts, { type: "text/csv" });
}

/** The columns of that file: the fields that any of its leads has, in the order of the kind's. */
export async function columnsOfLeads(db: Database, { id, kind }: { id: string; kind: string }): Promise<string[]> {
  const found = await db
    .selectDistinct({ name: sql<string>`json_object_keys(${leads.fields})` })
    .from(leads)
    .where(eq(leads.taskId, id));
  const order = findTaskKind(kind)?.fields.map(({ name }) => name as string) ?? [];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return found.map(({ name }) => name).sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** The leads of a task in the order of their places, a page at a time. */
export async function* readLeads(
  db: Database,
  taskId: string,
  perPage = LEADS_PER_PAGE,
): AsyncGenerator<{ position: number | null; fields: Record<string, string> }[]> {
  let after = -1;
  for (;;) {
    const page = await db
      .select({ position: leads.position, fields: leads.fields })
      .from(leads)
      .where(and(eq(leads.taskId, taskId), gt(leads.position, after)))
      .orderBy(asc(leads.position))
      .limit(perPage);
    if (page.length > 0) yield page;
    if (page.length < perPage) return;
    after = page.at(-1)?.position ?? after;
  }
}

function toCsv(lines: string[][]): string {
  return `${Papa.unparse(lines, { newline: "\n" })}\n`;
}
