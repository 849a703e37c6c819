import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { listTasks } from "@/lib/tasks/list";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** The dashboard's list under its filter: `?cursor=` a page's nextCursor, `?limit=` 1 to 200, `?ids=` only these. */
export async function GET(request: NextRequest): Promise<Response> {
  const { searchParams } = request.nextUrl;
  return answer("both", async ({ context }) => {
    const page = await listTasks(context, {
      filter: parseTaskFilter(searchParams),
      ids: searchParams.get("ids")?.split(","),
      cursor: searchParams.get("cursor") ?? undefined,
      limit: searchParams.get("limit") ?? undefined,
    });
    runJobsAfterwards();
    return jsonWithEtag(request, page);
  });
}
