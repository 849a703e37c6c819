import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { getDelivery } from "@/lib/deliveries/get";

/** One delivery with its headers and its payload. */
export async function GET(request: Request, { params }: RouteContext<"/api/deliveries/[id]">): Promise<Response> {
  try {
    return jsonWithEtag(request, await getDelivery(appContext(), (await params).id));
  } catch (error) {
    return problem(error);
  }
}
