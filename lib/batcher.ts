import { withDeadline } from "@/lib/deadline";

interface Limits<Input> {
  /** How many runs there may be at a time. One that takes longer than `patienceMs` is not counted any more. */
  atOnce: number;
  patienceMs: number;
  /** How many go together at most, and of what size in all, as `sizeOf` has it; one that is larger goes alone. */
  most: number;
  mostSize: number;
  sizeOf: (input: Input) => number;
}

/**
 * Does together what costs nearly as much for one as for several: what comes while all runs are taken waits, and goes in
 * the next. Nobody waits for company, so what comes alone is run at once and alone.
 *
 * Where a run of several fails, each of them is run by itself, so that nobody suffers for another. What failed may have
 * taken effect all the same; `run` must bear being asked again.
 *
 * @param run resolves to an output for each input, in their order
 */
export function batcher<Input, Output>(
  run: (inputs: Input[]) => Promise<Output[]>,
  { atOnce, patienceMs, most, mostSize, sizeOf }: Limits<Input>,
): (input: Input) => Promise<Output> {
  interface Waiting {
    input: Input;
    settle: (output: Output | Promise<Output>) => void;
  }
  const queue: Waiting[] = [];
  let running = 0;

  const nextGroup = (): Waiting[] => {
    let size = 0;
    const end = queue.findIndex(({ input }, place) => {
      size += sizeOf(input);
      return place > 0 && (place === most || size > mostSize);
    });
    return queue.splice(0, end === -1 ? queue.length : end);
  };
  const runAlone = async (input: Input): Promise<Output> => {
    const [output] = await run([input]);
    return output as Output;
  };
  const runGroup = async (group: Waiting[]): Promise<void> => {
    try {
      const outputs = await run(group.map(({ input }) => input));
      group.forEach(({ settle }, place) => {
        settle(outputs[place] as Output);
      });
    } catch (error) {
      for (const { input, settle } of group) settle(group.length === 1 ? Promise.reject(error) : runAlone(input));
    }
  };
  const startRuns = (): void => {
    while (running < atOnce && queue.length > 0) {
      running += 1;
      void withDeadline(runGroup(nextGroup()), patienceMs)
        .catch(() => {
          // It hangs, on a connection that was lost say: its own have to wait, and nobody else.
        })
        .finally(() => {
          running -= 1;
          startRuns();
        });
    }
  };
  return (input) =>
    new Promise((settle) => {
      queue.push({ input, settle });
      startRuns();
    });
}
