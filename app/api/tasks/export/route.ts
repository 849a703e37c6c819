import type { NextRequest } from "next/server";
import { downloadResponse } from "@/app/api/download-response";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { exportTasks } from "@/lib/exports/export-tasks";

/** The leads of all tasks with their results as a file: `?format=csv` or `jsonl`. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const format = request.nextUrl.searchParams.get("format") ?? "";
    return downloadResponse(await exportTasks(appContext(), { format }));
  } catch (error) {
    return problem(error);
  }
}
