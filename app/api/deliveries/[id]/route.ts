import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { getDelivery } from "@/lib/deliveries/get";

/** One delivery with its headers and its payload. */
export async function GET(request: Request, { params }: RouteContext<"/api/deliveries/[id]">): Promise<Response> {
  return answer("people", async ({ context }) => {
    return jsonWithEtag(request, await getDelivery(context, (await params).id));
  });
}
