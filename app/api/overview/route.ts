import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { getOverview } from "@/lib/overview/get";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** How the tasks of a span of time have gone: `since`, or `from` and `to`, as for the list of tasks. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("both", async ({ context }) => {
    return jsonWithEtag(request, await getOverview(context, parseTaskFilter(request.nextUrl.searchParams)));
  });
}
