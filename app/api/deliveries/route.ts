import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { listDeliveries } from "@/lib/deliveries/list";

/**
 * The log of deliveries: `?outcome=`, `?within=` hour, day or week or else `?from=` and `?to=`, `?cursor=` a page's
 * nextCursor, `?limit=` 1 to 200.
 */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("people", async ({ context }) => {
    const page = await listDeliveries(context, Object.fromEntries(request.nextUrl.searchParams));
    return jsonWithEtag(request, page);
  });
}
