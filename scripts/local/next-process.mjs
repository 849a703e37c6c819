/**
 * Runs Next's command line, given as the first argument, and ends it with the process that started us, even if that was
 * killed: the channel to it closes in any case. Next's own children share our process group.
 */
import childProcess from "node:child_process";
import { createRequire } from "node:module";

process.on("disconnect", () => {
  if (process.platform === "win32") process.exit(1);
  process.kill(-process.pid, "SIGKILL");
});

// Where its server was killed, as by a machine short of memory, `next dev` would wait for ever without one.
const { fork } = childProcess;
childProcess.fork = (...args) => {
  const child = fork(...args);
  child.once("exit", (_code, signal) => {
    if (signal) process.exit(1);
  });
  return child;
};

process.argv.splice(1, 1);
createRequire(import.meta.url)(process.argv[1]);
