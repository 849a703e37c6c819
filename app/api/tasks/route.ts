import type { NextRequest } from "next/server";
import { authorise } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { reconcileAfterwards } from "@/app/reconcile-afterwards";
import { appContext } from "@/lib/context";
import { listTasks } from "@/lib/tasks/list";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** The dashboard's list under its filter: `?cursor=` a page's nextCursor, `?limit=` 1 to 200. */
export async function GET(request: NextRequest): Promise<Response> {
  const { searchParams } = request.nextUrl;
  try {
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: false });
    if ("refusal" in caller) return caller.refusal;
    const page = await listTasks(context, {
      filter: parseTaskFilter(searchParams),
      cursor: searchParams.get("cursor") ?? undefined,
      limit: searchParams.get("limit") ?? undefined,
    });
    reconcileAfterwards();
    return jsonWithEtag(request, page);
  } catch (error) {
    return problem(error);
  }
}
