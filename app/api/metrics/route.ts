import { hasBearer } from "@/app/api/has-bearer";
import { problem, problemResponse } from "@/app/api/problem";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { getMetrics } from "@/lib/metrics/get";
import { PROMETHEUS_TYPE, writePrometheus } from "@/lib/metrics/write-prometheus";

export const dynamic = "force-dynamic";

/** How the pipeline stands, for Prometheus: `Authorization: Bearer $METRICS_TOKEN`. */
export async function GET(request: Request): Promise<Response> {
  if (!hasBearer(request, env().metricsToken)) {
    const refusal = problemResponse(401, "unauthorized", "This route is for the scraper that knows METRICS_TOKEN.");
    refusal.headers.set("www-authenticate", "Bearer");
    return refusal;
  }
  try {
    const text = writePrometheus(await getMetrics(appContext()));
    return new Response(text, { headers: { "content-type": PROMETHEUS_TYPE, "cache-control": "no-store" } });
  } catch (error) {
    return problem(error);
  }
}
