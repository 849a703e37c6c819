import { isDeepStrictEqual } from "node:util";
import type { JobView } from "@/sandbox/control-wire";
import type { SoakLead } from "@/scripts/soak/leads";
import { type FinishedTask, isEnded } from "@/scripts/soak/task-list";

/** What is known of one lead when the soak is over. */
export interface LeadRecord {
  lead: SoakLead;
  /** Our id of the task, as the form told the person; null where the form never got through. */
  taskId: string | null;
  /** How often a person pressed "Submit again", accepting that it may be charged twice. */
  pressesAtOwnRisk: number;
}

/** A lead that misses the bar. */
interface Offender {
  taskId: string;
  company: string;
  status: string;
  why: string;
}

export interface Verdict {
  leads: number;
  ended: number;
  right: number;
  lost: number;
  /** Jobs beyond a lead's first that no person asked for. */
  doubled: number;
  /** Jobs beyond a lead's first that a person asked for. */
  doubledAtAPersonsWord: number;
  byWebhook: number;
  byPoll: number;
  offenders: Offender[];
}

/** Judges each lead by the app's tasks and the sandbox's jobs. */
export function judge(records: LeadRecord[], tasks: FinishedTask[], jobs: JobView[]): Verdict {
  const tasksOf = groupBy(tasks, ({ lead }) => lead.company ?? "");
  const jobsOf = groupBy(jobs, ({ body }) => companyOf(body));
  const verdict: Verdict = {
    leads: records.length,
    ended: 0,
    right: 0,
    lost: 0,
    doubled: 0,
    doubledAtAPersonsWord: 0,
    byWebhook: tasks.filter(({ deliveredVia }) => deliveredVia === "webhook").length,
    byPoll: tasks.filter(({ deliveredVia }) => deliveredVia !== null && deliveredVia !== "webhook").length,
    offenders: [],
  };
  for (const record of records) {
    const { company } = record.lead;
    const own = tasksOf.get(company) ?? [];
    const accepted = jobsOf.get(company) ?? [];
    const [task] = own;
    const extraJobs = Math.max(0, accepted.length - 1);
    const asked = Math.min(extraJobs, record.pressesAtOwnRisk);
    const ended = own.some(isEnded);
    const wrongs = [
      ...faultsOfTask(record, own, accepted),
      ...(extraJobs > asked ? [`submitted ${accepted.length} times, ${asked} of them at a person's word`] : []),
    ];
    verdict.doubledAtAPersonsWord += asked;
    verdict.doubled += extraJobs - asked;
    if (ended) verdict.ended += 1;
    else verdict.lost += 1;
    if (ended && faultsOfTask(record, own, accepted).length === 0) verdict.right += 1;
    if (wrongs.length > 0) {
      verdict.offenders.push({
        taskId: task?.id ?? record.taskId ?? "none",
        company,
        status: task?.status ?? "no task",
        why: wrongs.join("; "),
      });
    }
  }
  return verdict;
}

/** Whether every lead has ended with the right result, none was lost, and none submitted twice of the app's own accord. */
export function isPassed({ leads, right, lost, doubled, offenders }: Verdict): boolean {
  return right === leads && lost === 0 && doubled === 0 && offenders.length === 0;
}

function faultsOfTask({ taskId }: LeadRecord, own: FinishedTask[], accepted: JobView[]): string[] {
  const [task, ...more] = own;
  if (!task) return [taskId ? "the form led to a task that the list doesn't have" : "the form never got through"];
  const faults: string[] = [];
  if (more.length > 0) faults.push(`made ${own.length} tasks`);
  if (taskId && taskId !== task.id) faults.push(`the form led to another task, ${taskId}`);
  if (!isEnded(task)) {
    faults.push(`never ended (${task.errorCode ?? "no error"}; accepted by the sandbox ${accepted.length} times)`);
  } else if (!accepted.some((job) => job.status === task.status && isDeepStrictEqual(job.result, task.result))) {
    faults.push(`has not the result of its job: ${JSON.stringify(task.result)?.slice(0, 120)}`);
  } else if (!accepted.some((job) => job.taskId === task.taskId)) {
    faults.push(`bears a task_id that is none of its jobs': ${task.taskId}`);
  }
  return faults;
}

function companyOf(body: Record<string, unknown>): string {
  const { lead } = body;
  const company = typeof lead === "object" && lead !== null && "company" in lead ? lead.company : "";
  return typeof company === "string" ? company : "";
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
