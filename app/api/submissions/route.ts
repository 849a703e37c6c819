import type { NextRequest } from "next/server";
import { jsonWithEtag } from "@/app/api/json-with-etag";
import { problem } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { listSubmissions } from "@/lib/submissions/list";

/** The list of submissions: `?cursor=` a page's nextCursor, `?limit=` 1 to 100. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    return jsonWithEtag(request, await listSubmissions(appContext(), Object.fromEntries(request.nextUrl.searchParams)));
  } catch (error) {
    return problem(error);
  }
}
