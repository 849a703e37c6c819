/** The entry: `node --import tsx sandbox/main.ts`. A parent that forks it hears `{type: "listening", port}`. */
import { ConfigError } from "@/lib/errors";
import { readSandboxConfig } from "@/sandbox/config";
import { startSandbox } from "@/sandbox/server";

try {
  const sandbox = await startSandbox(readSandboxConfig());

  let isEnding = false;
  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    await sandbox.close();
    process.exit(0);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);

  if (process.send) {
    // A parent that dies says nothing else; without this the sandbox would keep its port for good.
    process.on("disconnect", end);
    process.send({ type: "listening", port: sandbox.port });
  } else {
    console.info(`Sandbox of the Sixtyfour API on ${sandbox.url} (results are made up)`);
  }
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}
