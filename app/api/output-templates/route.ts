import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { listOutputTemplates } from "@/lib/output-templates/list";

/** The saved templates of fields to return. */
export async function GET(request: Request): Promise<Response> {
  return answer("people", async ({ context }) => {
    return jsonWithEtag(request, await listOutputTemplates(context));
  });
}
