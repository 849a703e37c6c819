import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { listOutputTemplates } from "@/lib/output-templates/list";

/** The saved templates of fields to return. */
export async function GET(request: Request): Promise<Response> {
  try {
    return jsonWithEtag(request, await listOutputTemplates(appContext()));
  } catch (error) {
    return problem(error);
  }
}
