import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { readSandboxConfig } from "@/sandbox/config";
import { startSandbox } from "@/sandbox/server";

const ENTRY = fileURLToPath(new URL("main.ts", import.meta.url));
let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

function forkSandbox(env: Record<string, string>): ChildProcess {
  child = fork(ENTRY, { execArgv: ["--import", "tsx"], env: { ...process.env, ...env }, silent: true });
  return child;
}

describe("the sandbox's own process", () => {
  test("tells its parent the port, answers on it, and ends with the parent's connection", async () => {
    const sandbox = forkSandbox({ SANDBOX_PORT: "0" });
    const [message] = await once(sandbox, "message");
    expect(message).toEqual({ type: "listening", port: expect.any(Number) });
    expect((await fetch(`http://127.0.0.1:${message.port}/__sandbox/health`)).status).toBe(200);
    sandbox.disconnect();
    expect(await once(sandbox, "exit")).toEqual([0, null]);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("ends cleanly at %s", async (signal) => {
    const sandbox = forkSandbox({ SANDBOX_PORT: "0" });
    await once(sandbox, "message");
    sandbox.kill(signal);
    expect(await once(sandbox, "exit")).toEqual([0, null]);
  });

  test("says in a sentence that its port is in use, and ends with 1", async () => {
    const other = await startSandbox();
    const sandbox = forkSandbox({ SANDBOX_PORT: String(other.port) });
    const said: string[] = [];
    sandbox.stderr?.on("data", (chunk) => said.push(String(chunk)));
    expect(await once(sandbox, "close")).toEqual([1, null]);
    expect(said.join("")).toContain(`Port ${other.port} is in use by another program`);
    await other.close();
  });
});

describe("the sandbox's variables", () => {
  test("all have a default, also where they are set to nothing", () => {
    expect(readSandboxConfig({ SANDBOX_PORT: "", SANDBOX_WEBHOOK_SECRET: "" })).toEqual({
      port: 6464,
      webhookSecrets: [],
      stateFile: undefined,
      speed: 1,
      requestsPerMinute: 500,
      linkLifetimeMs: 900_000,
      retryBaseMs: 1000,
    });
  });

  test("are refused by name where they make no sense", () => {
    const source = { SANDBOX_PORT: "70000", SANDBOX_SPEED: "0", SANDBOX_RETRY_BASE_MS: "soon" };
    expect(() => readSandboxConfig(source)).toThrow(/SANDBOX_PORT.*\n.*SANDBOX_SPEED.*\n.*SANDBOX_RETRY_BASE_MS/);
  });

  test("take several secrets, separated by commas", () => {
    const source = { SANDBOX_WEBHOOK_SECRET: "one, two," };
    expect(readSandboxConfig(source).webhookSecrets).toEqual(["one", "two"]);
  });
});
