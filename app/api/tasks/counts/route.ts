import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { countTasks } from "@/lib/periods/count-tasks";
import { parseTaskFilter } from "@/lib/tasks/parse-task-filter";

/** How many tasks a filter leaves in each status. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("both", async ({ context }) => {
    return jsonWithEtag(request, await countTasks(context, parseTaskFilter(request.nextUrl.searchParams)));
  });
}
