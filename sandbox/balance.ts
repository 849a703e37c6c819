import type { Jobs } from "@/sandbox/jobs";

/** The sandbox's own rate; the real one depends on the plan. */
export const CENTS_PER_CREDIT = 1;
const START_CREDITS = 100_000;

/** The balance of the account. The highest cost of each running job is set aside. */
export interface Balance {
  /** In credits; it may go below zero while no limit is set. */
  left(): number;
  /** True if the balance covers this cost, and always while no limit is set. */
  covers(cents: number): boolean;
  /** Sets the credits that are left; a submit that they don't cover is refused. Null removes the limit. */
  set(credits: number | null): void;
}

/** The balance of the account that has started all these jobs. */
export function createBalance(jobs: Jobs): Balance {
  let granted: number | null = null;
  const spent = () =>
    jobs.all().reduce((total, { outcome, estimatedCents }) => total + (outcome?.costCents ?? estimatedCents), 0) /
    CENTS_PER_CREDIT;
  const left = () => (granted ?? START_CREDITS) - spent();

  return {
    left,
    covers: (cents) => granted === null || cents / CENTS_PER_CREDIT <= left(),
    set(credits) {
      granted = credits === null ? null : credits + spent();
    },
  };
}
