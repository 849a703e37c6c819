/** `npm run audit:dependencies`: fails where something that ships has a high or critical finding. */
import { spawnSync } from "node:child_process";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { readAudit } from "@/scripts/local/read-audit";
import { runScript } from "@/scripts/local/run-script";

const ANSWER_WITHIN_MS = 60_000;

await runScript(async () => {
  const npmFile = process.env.npm_execpath;
  const [command, before] = npmFile ? [process.execPath, [npmFile]] : ["npm", []];
  const { stdout } = spawnSync(command, [...before, "audit", "--omit=dev", "--json"], {
    cwd: PROJECT_DIR,
    encoding: "utf8",
    timeout: ANSWER_WITHIN_MS,
    shell: !npmFile && process.platform === "win32",
  });
  const findings = readAudit(stdout ?? "");
  if (findings === null) console.info("Skipped: the registry does not say what is known of packages.");
  else if (findings.length === 0) console.info("No high or critical findings.");
  else console.error(`High or critical findings in ${findings.join(", ")}. See npm audit, and update.`);
  return findings && findings.length > 0 ? 1 : 0;
});
