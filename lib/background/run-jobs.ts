import { JOBS, type JobResult } from "@/lib/background/jobs";
import { appContext, type Context } from "@/lib/context";
import { log } from "@/lib/log";
import { endingSignal, finishBeforeExit } from "@/lib/shutdown";

const TIMER_MS = 2_000;
/** On a timer a job may go on while there is work; a run ends now and then so that nothing is held for ever. */
const FOR_MS_ON_TIMER = 600_000;
/** A serverless host ends a request after a while; half a minute is allowed on all of them. */
const FOR_MS_IN_REQUEST = 20_000;

/** Runs every job again and again until the process is asked to end: the trigger where a process lives on. */
export function startJobs(): void {
  const limits = { forMs: FOR_MS_ON_TIMER, signal: endingSignal() };
  for (const job of JOBS) {
    // Runs of one job never overlap here: the next one is set when the last has ended.
    const repeat = async (): Promise<void> => {
      if (limits.signal.aborted) return;
      try {
        await finishBeforeExit(job.run(appContext(), limits));
      } catch (error) {
        log.error(`${job.name}_failed`, error);
      }
      setTimeout(repeat, TIMER_MS).unref();
    };
    void repeat();
  }
}

/**
 * Runs every job once and for a bounded time: the trigger of a scheduler's call, or of a request that is answered already.
 *
 * @throws the first job's error once all have run; each is logged
 */
export async function runJobsOnce(context: Context): Promise<Required<JobResult>> {
  const limits = { forMs: FOR_MS_IN_REQUEST, signal: endingSignal() };
  const runs = await Promise.allSettled(JOBS.map((job) => job.run(context, limits)));
  const result = { sent: 0, polled: 0, fetched: 0 };
  runs.forEach((run, place) => {
    if (run.status === "fulfilled") Object.assign(result, run.value);
    else log.error(`${JOBS[place]?.name}_failed`, run.reason);
  });
  const failed = runs.find((run) => run.status === "rejected");
  if (failed) throw failed.reason;
  return result;
}
