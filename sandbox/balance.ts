import type { Jobs } from "@/sandbox/jobs";

/** The sandbox's own rate; the real one depends on the plan. */
export const CENTS_PER_CREDIT = 1;
const START_CREDITS = 100_000;

/** What is left on the account. What running jobs may still cost is set aside. */
export interface Balance {
  /** In credits; it may go below zero while no limit is set. */
  left(): number;
  /** Whether there is enough for so much; always, until a limit is set. */
  covers(cents: number): boolean;
  /** From now on so much is left, and what it doesn't cover is refused; null takes the limit off. */
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
