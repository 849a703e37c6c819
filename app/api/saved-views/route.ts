import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { listSavedViews } from "@/lib/saved-views/list";

/** The saved views of the task list. */
export async function GET(request: Request): Promise<Response> {
  try {
    return jsonWithEtag(request, await listSavedViews(appContext()));
  } catch (error) {
    return problem(error);
  }
}
