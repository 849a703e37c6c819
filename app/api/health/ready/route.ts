import { appContext } from "@/lib/context";
import { checkReady } from "@/lib/health/check-ready";

export const dynamic = "force-dynamic";

/** Whether this process can serve: 200, or 503 and what is wrong. Within 2 seconds, also where the database hangs. */
export async function GET(): Promise<Response> {
  const { isReady, ...report } = await checkReady(appContext());
  return Response.json(report, { status: isReady ? 200 : 503, headers: { "cache-control": "no-store" } });
}
