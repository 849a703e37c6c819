import { ConfigError } from "@/lib/errors";

/** Runs a script's main function; an expected failure is told in its own sentence, a defect with its stack. */
export async function runScript(main: () => Promise<number>): Promise<void> {
  // A terminal or pipe that is gone must not keep us from cleaning up.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exitCode = 1;
  }
}
