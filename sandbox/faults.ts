/** A fault that a test has set up for submits to come. */
export interface Fault {
  /** Answer with it; the job is not accepted unless `accepted`. */
  status?: number;
  accepted?: boolean;
  /** A string goes out as it is (HTML), anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Accept the job and break the connection before the answer. */
  loseAnswer?: boolean;
  /** Break the connection without accepting anything. */
  hangUp?: boolean;
  /** Wait before the answer; the job is accepted before the wait. */
  delayMs?: number;
}

export interface Faults {
  /** The next `times` submits that are valid have this fault, after those set up before. */
  add(fault: Fault, times: number): void;
  /** The fault of the submit at hand. */
  take(): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let queue: Fault[] = [];
  return {
    add: (fault, times) => {
      queue.push(...Array.from({ length: times }, () => fault));
    },
    take: () => queue.shift(),
    clear: () => {
      queue = [];
    },
  };
}
