import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { listSavedViews } from "@/lib/saved-views/list";

/** The saved views of the task list. */
export async function GET(request: Request): Promise<Response> {
  return answer("people", async ({ context }) => {
    return jsonWithEtag(request, await listSavedViews(context));
  });
}
