import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { getSubmission } from "@/lib/submissions/get";

/** One submission and how far it has come. */
export async function GET(request: Request, { params }: RouteContext<"/api/submissions/[id]">): Promise<Response> {
  return answer("both", async ({ context }) => {
    const submission = await getSubmission(context, (await params).id);
    runJobsAfterwards();
    return jsonWithEtag(request, submission);
  });
}
