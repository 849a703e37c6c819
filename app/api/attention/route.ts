import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { getAttention } from "@/lib/attention/get";

/** What needs a person. */
export async function GET(request: Request): Promise<Response> {
  return answer("people", async ({ context }) => {
    return jsonWithEtag(request, await getAttention(context));
  });
}
