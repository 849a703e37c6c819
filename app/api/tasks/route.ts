import type { NextRequest } from "next/server";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { appContext } from "@/lib/context";
import { listTasks } from "@/lib/tasks/list";

/** The dashboard's list: `?cursor=` a page's nextCursor, `?limit=` 1 to 200. */
export async function GET(request: NextRequest): Promise<Response> {
  const { searchParams } = request.nextUrl;
  try {
    const page = await listTasks(appContext(), {
      cursor: searchParams.get("cursor") ?? undefined,
      limit: searchParams.get("limit") ?? undefined,
    });
    reconcileAfterwards();
    return jsonWithEtag(request, page);
  } catch (error) {
    return problem(error);
  }
}
