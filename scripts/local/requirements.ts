import { ConfigError } from "@/lib/errors";
import { portState } from "@/scripts/local/free-port";

const OLDEST_NODE = { major: 20, minor: 9 };

/** @throws ConfigError where this Node is older than Next demands. */
export function requireNodeVersion(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)) return;
  throw new ConfigError(
    `Node ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or later is needed, and this is Node ${version}. Install a newer one from https://nodejs.org.`,
  );
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
