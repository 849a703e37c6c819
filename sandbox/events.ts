/** The events that webhooks tell about jobs that have ended. */
import type { Job } from "@/sandbox/jobs";
import { loosenAnswer } from "@/sandbox/loose-types";
import type { ResultFiles } from "@/sandbox/result-files";
import type { Settings } from "@/sandbox/settings";

export interface WebhookEvent {
  /** The value of the Sixtyfour-Event-Type header. */
  type: string;
  body: Record<string, unknown>;
}

export interface Events {
  /** Returns the event about a job; null where no webhook tells its end. */
  find(job: Job): WebhookEvent | null;
}

/** Creates the events of one sandbox. */
export function createEvents({
  settings,
  resultFiles,
}: {
  settings: Settings;
  resultFiles: () => ResultFiles;
}): Events {
  return {
    find(job) {
      const { status, result, error } = job.outcome ?? { status: "running" };
      // A job that was ended from outside has nothing left that would send a webhook.
      if (status !== "completed" && status !== "failed") return null;
      const { fileWebhook, looseTypes } = settings.get();
      if (fileWebhook === "workflow" && resultFiles().has(job)) {
        return status === "completed" ? toWorkflowEvent(job, resultFiles()) : null;
      }
      const outcome = status === "failed" ? { error } : { result };
      const body = { task_id: job.taskId, status, task_type: job.taskType, ...outcome };
      return { type: job.taskType, body: job.isLoose || looseTypes ? loosenAnswer(body) : body };
    },
  };
}

/** A workflow's own webhook has an envelope without a task_id. Its block runs only where the ones before it succeed. */
function toWorkflowEvent(job: Job, resultFiles: ResultFiles): WebhookEvent {
  const type = "outgoing_webhook.completed";
  const body = {
    event_id: job.outcome?.eventId,
    event_type: type,
    run_id: job.runId,
    ...resultFiles.summarise(job),
  };
  return { type, body };
}
