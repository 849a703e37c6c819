import { stripVTControlCharacters } from "node:util";

/** What Next says when all is well, before the first page: banner, addresses, settings, compiling, our own requests. */
const CHATTER =
  /^\s*([▲✓○]|- (Local|Network|Environments|Logs|Experiments)\b|GET \/api\/health\b|$)|^ {2}[⨯·] \w+(: \S+)?$/;
const HEALTH_REQUEST = /^\s*GET \/api\/health 200\b/;
/** Written by `next dev` when it ends, in a line of its own. */
const SHOW_CURSOR = "\u001b[?25h";

export interface StartupOutput {
  push(text: string): void;
  /** From now on everything is passed on. */
  ready(): void;
}

/** Passes on Next's output a line at a time, until it is ready only what is out of the ordinary. */
export function startupOutput(write: (text: string) => void): StartupOutput {
  let isReady = false;
  let unfinishedLine = "";
  return {
    push(text) {
      const lines = (unfinishedLine + text).split("\n");
      unfinishedLine = lines.pop() ?? "";
      for (const line of lines) {
        // The line for the request that made us ready may come after its answer.
        const isNoise = (isReady ? HEALTH_REQUEST : CHATTER).test(stripVTControlCharacters(line));
        if (!isNoise && line !== SHOW_CURSOR) write(`${line}\n`);
      }
    },
    ready() {
      isReady = true;
    },
  };
}
