import type { NextRequest } from "next/server";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { listDeliveries } from "@/lib/deliveries/list";

/**
 * The log of deliveries: `?outcome=`, `?within=` hour, day or week or else `?from=` and `?to=`, `?cursor=` a page's
 * nextCursor, `?limit=` 1 to 200.
 */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const page = await listDeliveries(appContext(), Object.fromEntries(request.nextUrl.searchParams));
    return jsonWithEtag(request, page);
  } catch (error) {
    return problem(error);
  }
}
