import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { downloadResponse } from "@/app/api/download-response";
import { recordAudit } from "@/lib/audit/record";
import { exportSubmission } from "@/lib/exports/export-submission";

/** A submission's leads and results as a file: `?format=csv` or `jsonl`. */
export async function GET(
  request: NextRequest,
  { params }: RouteContext<"/api/submissions/[id]/export">,
): Promise<Response> {
  return answer("both", async ({ context, actor }) => {
    const format = request.nextUrl.searchParams.get("format") ?? "";
    const { id } = await params;
    const download = await exportSubmission(context, { submissionId: id, format });
    await recordAudit(context, { actor, action: "submission.export", subject: { type: "submission", id } });
    return downloadResponse(download);
  });
}
