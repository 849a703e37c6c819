import type { NextRequest } from "next/server";
import { authorise } from "@/app/api/authorise";
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
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: false });
    if ("refusal" in caller) return caller.refusal;
    const format = request.nextUrl.searchParams.get("format") ?? "";
    return downloadResponse(await exportSubmission(context, { submissionId: (await params).id, format }));
  } catch (error) {
    return problem(error);
  }
}
