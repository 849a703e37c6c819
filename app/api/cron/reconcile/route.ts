import { hasBearer } from "@/app/api/has-bearer";
import { problem, problemResponse } from "@/app/api/problem";
import { runJobsOnce } from "@/lib/background/run-jobs";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { recordJobRun } from "@/lib/job-runs";

export const dynamic = "force-dynamic";

/** A scheduler's call, which runs the background jobs. Vercel sends `Authorization: Bearer $CRON_SECRET`. */
export async function GET(request: Request): Promise<Response> {
  const { cronSecret } = env();
  if (!hasBearer(request, cronSecret)) {
    return problemResponse(401, "unauthorized", "This route is for the scheduler that knows CRON_SECRET.");
  }
  try {
    const context = appContext();
    const [done] = await Promise.all([runJobsOnce(context), recordJobRun(context, "cron")]);
    return Response.json(done, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return problem(error);
  }
}
