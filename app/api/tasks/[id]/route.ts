import { authorise } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { getTask } from "@/lib/tasks/get";

/** One task with its history. */
export async function GET(request: Request, { params }: RouteContext<"/api/tasks/[id]">): Promise<Response> {
  try {
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: false });
    if ("refusal" in caller) return caller.refusal;
    return jsonWithEtag(request, await getTask(context, (await params).id));
  } catch (error) {
    return problem(error);
  }
}
