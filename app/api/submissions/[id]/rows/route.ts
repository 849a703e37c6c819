import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { listRows } from "@/lib/tasks/list-rows";

/**
 * A submission's leads with their results: `?cursor=` a page's nextCursor, `?limit=` 1 to 200, `?status=` where they
 * stand.
 */
export async function GET(
  request: NextRequest,
  { params }: RouteContext<"/api/submissions/[id]/rows">,
): Promise<Response> {
  const { searchParams } = request.nextUrl;
  return answer("both", async ({ context }) => {
    const page = await listRows(context, {
      submissionId: (await params).id,
      cursor: searchParams.get("cursor") ?? undefined,
      limit: searchParams.get("limit") ?? undefined,
      status: searchParams.get("status") ?? undefined,
    });
    return jsonWithEtag(request, page);
  });
}
