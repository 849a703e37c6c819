import type { NextRequest } from "next/server";
import { answer } from "@/app/api/authorise";
import { runJobsAfterwards } from "@/app/run-jobs-afterwards";
import { isAnythingMoving } from "@/lib/news/is-anything-moving";
import { readNews } from "@/lib/news/read-news";

/** What has changed since `?after=`, for browsers that can't have the stream; `isMoving` says whether to ask again soon. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer("people", async ({ context }) => {
    const news = await readNews(context, request.nextUrl.searchParams.get("after"));
    const isMoving = await isAnythingMoving(context);
    runJobsAfterwards();
    return Response.json({ ...news, isMoving }, { headers: { "cache-control": "no-store" } });
  });
}
