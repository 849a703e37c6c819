import { withDeadline } from "@/lib/deadline";

interface Limits<Input> {
  /** Number of batches at a time. A batch that takes longer than `patienceMs` no longer counts. */
  atOnce: number;
  patienceMs: number;
  /** Number of inputs of one batch, and their size in all by `sizeOf`; a larger input gets a batch of its own. */
  most: number;
  mostSize: number;
  sizeOf: (input: Input) => number;
}

/**
 * Collects calls into batches, for work that costs nearly as much for one as for several. A call that arrives while all
 * batches are running waits for the next one; no call waits for company.
 *
 * If a batch of several fails, each of its inputs is run alone, so that one bad input fails no other. A failed batch may have
 * taken effect, so `run` must be safe to repeat.
 *
 * @param run resolves to one output for each input, in their order
 */
export function batcher<Input, Output>(
  run: (inputs: Input[]) => Promise<Output[]>,
  { atOnce, patienceMs, most, mostSize, sizeOf }: Limits<Input>,
): (input: Input) => Promise<Output> {
  interface Call {
    input: Input;
    resolve: (output: Output | Promise<Output>) => void;
  }
  const queue: Call[] = [];
  let running = 0;

  const nextBatch = (): Call[] => {
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
  const runBatch = async (calls: Call[]): Promise<void> => {
    try {
      const outputs = await run(calls.map(({ input }) => input));
      calls.forEach(({ resolve }, place) => {
        resolve(outputs[place] as Output);
      });
    } catch (error) {
      for (const { input, resolve } of calls) resolve(calls.length === 1 ? Promise.reject(error) : runAlone(input));
    }
  };
  const startBatches = (): void => {
    while (running < atOnce && queue.length > 0) {
      running += 1;
      void withDeadline(runBatch(nextBatch()), patienceMs)
        .catch(() => {
          // It hangs, for example on a lost connection: its own calls have to wait, and no others.
        })
        .finally(() => {
          running -= 1;
          startBatches();
        });
    }
  };
  return (input) =>
    new Promise((resolve) => {
      queue.push({ input, resolve });
      startBatches();
    });
}

/** A {@link batcher} for each key, for example for each database. */
export function batcherPer<Key extends object, Input, Output>(
  run: (key: Key, inputs: Input[]) => Promise<Output[]>,
  limits: Limits<Input>,
): (key: Key, input: Input) => Promise<Output> {
  const batchers = new WeakMap<Key, (input: Input) => Promise<Output>>();
  return (key, input) => {
    let call = batchers.get(key);
    if (!call) {
      call = batcher((inputs) => run(key, inputs), limits);
      batchers.set(key, call);
    }
    return call(input);
  };
}
