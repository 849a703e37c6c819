import { ConfigError } from "@/lib/errors";
import { portState } from "@/scripts/local/free-port";

const OLDEST_NODE = "20.9";

/** @throws ConfigError where this Node is older than Next demands. */
export function requireNodeVersion(): void {
  if (isNodeAtLeast(OLDEST_NODE)) return;
  throw new ConfigError(
    `Node ${OLDEST_NODE} or later is needed, and this is Node ${process.versions.node}. Install a newer one from https://nodejs.org.`,
  );
}

/** Whether this Node is of the given `major.minor`, or newer. */
export function isNodeAtLeast(oldest: string): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** @throws ConfigError where no server can listen on this port of localhost. */
export async function requireFreePort(port: number): Promise<void> {
  const state = await portState(port);
  if (state === "free") return;
  const reason = state === "taken" ? "is taken by another program" : "is reserved to the administrator";
  const mend = state === "taken" ? "Stop that program, or choose" : "Choose";
  throw new ConfigError(
    `Port ${port} ${reason}. ${mend} another port: PORT=${port === 3001 ? 3002 : 3001} npm run dev`,
  );
}
