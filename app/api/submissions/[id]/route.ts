import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { getSubmission } from "@/lib/submissions/get";

/** One submission and how far it has come. */
export async function GET(request: Request, { params }: RouteContext<"/api/submissions/[id]">): Promise<Response> {
  return answer("both", async ({ context }) => {
    const submission = await getSubmission(context, (await params).id);
    reconcileAfterwards();
    return jsonWithEtag(request, submission);
  });
}
