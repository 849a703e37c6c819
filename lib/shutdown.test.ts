import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MODULE = fileURLToPath(new URL("shutdown.ts", import.meta.url));

/** A server that ends at once when it is asked to, as Next does without requests, and has work that ends at our word. */
const SERVER = `
  import { atTheEnd, endGracefully, endingSignal, finishBeforeExit } from ${JSON.stringify(MODULE)};
  process.on("SIGTERM", () => { console.log("closing"); process.exit(143); });
  endGracefully();
  endingSignal().addEventListener("abort", () => console.log("ending"));
  finishBeforeExit(once(process.stdin)).then(() => console.log("finished"));
  atTheEnd(async () => console.log("last words"));
  setInterval(() => {}, 1000);
  console.log("ready");
  function once(stream) { return new Promise((resolve) => stream.once("data", resolve)); }
`;

test("a process that is asked to end finishes its work before its server closes, however often it is asked", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SERVER]);
  const exited = once(child, "exit");
  let output = "";
  const wrote = (word: string) =>
    new Promise<void>((resolve) => {
      child.stdout.on("data", () => output.includes(word) && resolve());
    });
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const ready = wrote("ready");
  const ending = wrote("ending");
  await ready;
  child.kill("SIGTERM");
  await ending;
  child.kill("SIGTERM");
  child.stdin.write("done\n");
  expect(await exited).toEqual([143, null]);
  expect(output.trim().split("\n")).toEqual(["ready", "ending", "finished", "last words", "closing"]);
});
