import type { NextRequest } from "next/server";
import { z } from "zod";
import { downloadResponse } from "@/app/api/download-response";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { exportTasks } from "@/lib/exports/export-tasks";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** The leads of the tasks under a filter with their results as a file: `?format=csv` or `jsonl`. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const { searchParams } = request.nextUrl;
    const filter = parseTaskFilter(searchParams);
    return downloadResponse(await exportTasks(appContext(), { format: searchParams.get("format") ?? "", filter }));
  } catch (error) {
    return problem(error);
  }
}

const chosen = z.object({ format: z.string(), ids: z.array(z.uuid()).min(1).max(10_000) });

/** The same for tasks that were chosen by hand: a form with `format` and their `ids`, more than an address can hold. */
export async function POST(request: NextRequest): Promise<Response> {
  try {
    const form = await request.formData();
    const parsed = chosen.safeParse({
      format: form.get("format") ?? "",
      ids: String(form.get("ids") ?? "").split(","),
    });
    if (!parsed.success) throw new AppError("invalid_input", "Choose at least one task.");
    return downloadResponse(await exportTasks(appContext(), parsed.data));
  } catch (error) {
    return problem(error);
  }
}
