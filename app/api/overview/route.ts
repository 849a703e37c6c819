import type { NextRequest } from "next/server";
import { authorise } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { getOverview } from "@/lib/overview/get";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** How the tasks of a span of time have gone: `since`, or `from` and `to`, as for the list of tasks. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: false });
    if ("refusal" in caller) return caller.refusal;
    return jsonWithEtag(request, await getOverview(context, parseTaskFilter(request.nextUrl.searchParams)));
  } catch (error) {
    return problem(error);
  }
}
