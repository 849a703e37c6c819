import type { NextRequest } from "next/server";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { listRows } from "@/lib/submissions/list-rows";

/**
 * A submission's leads with their results: `?cursor=` a page's nextCursor, `?limit=` 1 to 200, `?status=` where they
 * stand.
 */
export async function GET(
  request: NextRequest,
  { params }: RouteContext<"/api/submissions/[id]/rows">,
): Promise<Response> {
  const { searchParams } = request.nextUrl;
  try {
    const page = await listRows(appContext(), {
      submissionId: (await params).id,
      cursor: searchParams.get("cursor") ?? undefined,
      limit: searchParams.get("limit") ?? undefined,
      status: searchParams.get("status") ?? undefined,
    });
    return jsonWithEtag(request, page);
  } catch (error) {
    return problem(error);
  }
}
