import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { getTask } from "@/lib/tasks/get";

/** One task with its history. */
export async function GET(request: Request, { params }: RouteContext<"/api/tasks/[id]">): Promise<Response> {
  return answer("both", async ({ context }) => {
    return jsonWithEtag(request, await getTask(context, (await params).id));
  });
}
