import { checkConnection } from "@/app/_components/connection/connection";
import type { ListAnswer, ListCallName, ListCalls } from "@/app/submissions/list/_components/list-messages";

/** The list in its worker, as the page sees it. */
export interface ListReader {
  /** @throws Error where the worker failed */
  call<Name extends ListCallName>(name: Name, given: ListCalls[Name]["given"]): Promise<ListCalls[Name]["answer"]>;
  close(): void;
}

/**
 * Starts a worker for the lists of a page.
 *
 * @param onBroken it can't be used any more, and has let go of its list
 */
export function openListReader(onBroken: () => void): ListReader {
  const worker = new Worker(new URL("./list-worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let lastId = 0;

  worker.addEventListener("message", ({ data }: MessageEvent<ListAnswer>) => {
    const caller = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) caller?.reject(new Error(data.error));
    else caller?.resolve(data.answer as never);
  });
  worker.addEventListener("error", () => {
    // Its code did not load, maybe since the app was deployed, or it ran out of memory.
    void checkConnection();
    for (const { reject } of waiting.values()) reject(new Error("It could not be read here. Choose it once more."));
    waiting.clear();
    worker.terminate();
    onBroken();
  });

  return {
    call(name, given) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, name, given });
      });
    },
    close: () => worker.terminate(),
  };
}
