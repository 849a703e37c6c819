import type { NextRequest } from "next/server";
import { downloadResponse } from "@/app/api/download-response";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { exportSubmission } from "@/lib/exports/export-submission";

/** A submission's leads and results as a file: `?format=csv` or `jsonl`. */
export async function GET(
  request: NextRequest,
  { params }: RouteContext<"/api/submissions/[id]/export">,
): Promise<Response> {
  try {
    const format = request.nextUrl.searchParams.get("format") ?? "";
    return downloadResponse(await exportSubmission(appContext(), { submissionId: (await params).id, format }));
  } catch (error) {
    return problem(error);
  }
}
