import { marks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { type PreflightReport, preflightReport } from "@/lib/setup/preflight-report";

export interface Marks {
  /** When a scheduler last called; null where none ever has. */
  cronAt: Date | null;
  /** What the last preflight came to; null where there was none, or one of another version of this app. */
  preflight: PreflightReport | null;
}

export async function readMarks({ db }: Pick<Context, "db">): Promise<Marks> {
  const rows = await db.select().from(marks);
  const of = (name: string) => rows.find((row) => row.name === name);
  return {
    cronAt: of("cron")?.at ?? null,
    preflight: preflightReport.safeParse(of("preflight")?.detail).data ?? null,
  };
}
