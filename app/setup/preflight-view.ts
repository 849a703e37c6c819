import { type Diagnosis, diagnosePreflight } from "@/lib/setup/diagnose-preflight";
import type { PreflightReport } from "@/lib/setup/preflight-report";
import { preflightWords } from "@/lib/setup/preflight-words";

/** A preflight as the page shows it. */
export interface PreflightView extends Pick<Diagnosis, "state" | "finding" | "mend"> {
  ranAt: string;
  /** In the log of deliveries; null where it is not there. */
  deliveryId: string | null;
  sent: string;
  came: string;
  log: string;
}

export function toPreflightView(report: PreflightReport): PreflightView {
  const { state, finding, mend } = diagnosePreflight(report);
  const deliveryId = report.log.type === "found" ? report.log.deliveryId : null;
  return { state, finding, mend, ranAt: report.ranAt, deliveryId, ...preflightWords(report) };
}
