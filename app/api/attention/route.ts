import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { getAttention } from "@/lib/attention/get";
import { appContext } from "@/lib/context";

/** What needs a person. */
export async function GET(request: Request): Promise<Response> {
  try {
    return jsonWithEtag(request, await getAttention(appContext()));
  } catch (error) {
    return problem(error);
  }
}
