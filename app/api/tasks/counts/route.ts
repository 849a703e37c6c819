import type { NextRequest } from "next/server";
import { authorise } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { countTasks } from "@/lib/tasks/count";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** How many tasks a filter leaves in each status. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const context = appContext();
    const caller = await authorise(context, request, { isTokenNeeded: false });
    if ("refusal" in caller) return caller.refusal;
    return jsonWithEtag(request, await countTasks(context, parseTaskFilter(request.nextUrl.searchParams)));
  } catch (error) {
    return problem(error);
  }
}
