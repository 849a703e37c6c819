/**
 * How it goes over a span of time: the JSON of `GET /api/overview`. Types only, so safe for the browser.
 *
 * Tasks count where they were created, whenever they ended: so each figure is a filter of the list of tasks.
 */
import type { DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import type { TaskStatus } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

export type DeliveredVia = NonNullable<TaskView["deliveredVia"]>;

/** Figures of some tasks. */
export interface OverviewFigures {
  tasks: number;
  leads: number;
  /** How the ends were delivered. */
  via: Record<DeliveredVia, number>;
  /** Not delivered, or never will be. */
  undelivered: number;
  /** Leads for which something was found, or nothing, as far as results say. */
  found: number;
  notFound: number;
  /** What Sixtyfour has charged, as far as it says so: of so many tasks. */
  chargedCents: number;
  pricedTasks: number;
}

/** The tasks of an hour, a day or several days; `filter` leaves just them. */
export interface OverviewBucket extends OverviewFigures {
  filter: Pick<TaskFilter, "from" | "to">;
}

/** From a submit to the delivery of its end, in seconds; half of them took less than `p50`, and 95 % less than `p95`: to 2.5 %. */
export interface Duration {
  p50: number;
  p95: number;
}

interface OverviewKind extends OverviewFigures {
  kind: string;
  duration: Duration | null;
}

export interface Overview extends OverviewFigures {
  /** Leaves the tasks that are counted. */
  filter: Pick<TaskFilter, "from" | "to">;
  byStatus: Record<TaskStatus, number>;
  duration: Duration | null;
  /** From the first to the last, without gaps. */
  buckets: OverviewBucket[];
  /** The most frequent first. */
  kinds: OverviewKind[];
  /** Why tasks have failed, the most frequent first; `otherFailures` are those for still other reasons. */
  failures: { reason: string; tasks: number }[];
  otherFailures: number;
  /** Deliveries that did not simply bring the end of a task, by what became of them. */
  oddDeliveries: { outcome: DeliveryOutcome; deliveries: number }[];
}
