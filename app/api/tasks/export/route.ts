import type { NextRequest } from "next/server";
import { z } from "zod";
import { answer } from "@/app/api/authorise";
import { downloadResponse } from "@/app/api/download-response";
import { recordAudit } from "@/lib/audit/record";
import { AppError } from "@/lib/errors";
import { exportTasks } from "@/lib/exports/export-tasks";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** The leads of the tasks under a filter with their results as a file: `?format=csv` or `jsonl`. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("both", async ({ context, actor }) => {
    const { searchParams } = request.nextUrl;
    const filter = parseTaskFilter(searchParams);
    const download = await exportTasks(context, { format: searchParams.get("format") ?? "", filter });
    await recordAudit(context, { actor, action: "tasks.export" });
    return downloadResponse(download);
  });
}

const chosen = z.object({ format: z.string(), ids: z.array(z.uuid()).min(1).max(10_000) });

/** The same for tasks that were chosen by hand: a form with `format` and their `ids`, more than an address can hold. */
export async function POST(request: NextRequest): Promise<Response> {
  return answer("both", async ({ context, actor }) => {
    const form = await request.formData().catch(() => new FormData());
    const parsed = chosen.safeParse({
      format: form.get("format") ?? "",
      ids: String(form.get("ids") ?? "").split(","),
    });
    if (!parsed.success) throw new AppError("invalid_input", "Choose at least one task.");
    const download = await exportTasks(context, parsed.data);
    await recordAudit(context, { actor, action: "tasks.export", detail: { tasks: parsed.data.ids.length } });
    return downloadResponse(download);
  });
}
