import { authorise } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { appContext } from "@/lib/context";
import { getSubmission } from "@/lib/submissions/get";

/** One submission and how far it has come. */
export async function GET(request: Request, { params }: RouteContext<"/api/submissions/[id]">): Promise<Response> {
  try {
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: false });
    if ("refusal" in caller) return caller.refusal;
    const submission = await getSubmission(context, (await params).id);
    reconcileAfterwards();
    return jsonWithEtag(request, submission);
  } catch (error) {
    return problem(error);
  }
}
