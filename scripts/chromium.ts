import { spawnSync } from "node:child_process";
import path from "node:path";
import { chromium } from "@playwright/test";
import { ConfigError } from "@/lib/errors";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { asRoot, isExecutable, onPath, warnIfFailed } from "@/scripts/local/system-command";

const TRIAL_TIMEOUT_MS = 30_000;
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** The shell first: it has no windows, and tests take a quarter less time in it. */
const COMMANDS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const USUAL_PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  win32: [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => path.join(folder, "Google\\Chrome\\Application\\chrome.exe")),
};
/**
 * The first one that the system has is used, up to the step after which there is a Chromium. Ubuntu's `chromium` is a stub
 * for snap, which the trial finds out.
 */
const PACKAGE_MANAGERS: { command: string; steps: string[][] }[] = [
  {
    command: "apt-get",
    steps: [
      ["update"],
      ["install", "-y", "--no-install-recommends", "chromium-headless-shell"],
      ["install", "-y", "--no-install-recommends", "chromium"],
    ],
  },
  { command: "apk", steps: [["add", "--no-cache", "chromium"]] },
  { command: "dnf", steps: [["install", "-y", "chromium"]] },
  { command: "pacman", steps: [["-Sy", "--noconfirm", "chromium"]] },
];

/**
 * A Chromium that runs on this machine: the one in CHROMIUM_PATH, Playwright's own, or the system's.
 *
 * @returns its path, or `undefined` where there is none.
 * @throws ConfigError where CHROMIUM_PATH names none that runs.
 */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (runs(given)) return given;
    throw new ConfigError(`CHROMIUM_PATH names ${given}, which does not run. Correct it, or unset it.`);
  }
  const candidates = [
    chromium.executablePath(),
    ...COMMANDS.map((command) => onPath(command)),
    ...(USUAL_PLACES[process.platform] ?? []),
  ].filter((file) => file !== undefined);
  return candidates.find(runs);
}

/**
 * As `findChromium`; where there is none, installs one and says so.
 *
 * @throws ConfigError where that fails too.
 */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;

  const attempts = [downloadPlaywrightsOwn, installItsLibraries, installFromSystem];
  for (const attempt of attempts) {
    attempt();
    const installed = findChromium();
    if (installed) {
      console.info(`Chromium is installed: ${installed}`);
      return installed;
    }
  }
  throw new ConfigError(
    "No Chromium was found and none could be installed. Install one with the system's package manager, or set CHROMIUM_PATH to one.",
  );
}

function downloadPlaywrightsOwn(): void {
  console.info("No Chromium was found: downloading Playwright's own …");
  playwright(["install", "chromium"], DOWNLOAD_TIMEOUT_MS);
}

/** A download that does not run lacks libraries of the system, as in a slim container. */
function installItsLibraries(): void {
  if (!isExecutable(chromium.executablePath()) || process.platform !== "linux") return;
  console.info("Chromium does not run yet: installing the libraries it needs …");
  const [command, ...args] = asRoot(playwrightCommand(["install-deps", "chromium"]));
  warnIfFailed(spawnSync(command, args, { stdio: "inherit", timeout: INSTALL_TIMEOUT_MS }));
}

function installFromSystem(): void {
  const manager = PACKAGE_MANAGERS.find(({ command }) => onPath(command));
  if (!manager) return;
  console.info(`Installing Chromium with ${manager.command} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const step of manager.steps) {
    if (findChromium()) return;
    const [command, ...args] = asRoot([manager.command, ...step]);
    warnIfFailed(
      spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], timeout: INSTALL_TIMEOUT_MS, env }),
    );
  }
}

function playwright(args: string[], timeoutMs: number): void {
  const [command, ...rest] = playwrightCommand(args);
  warnIfFailed(spawnSync(command, rest, { stdio: ["ignore", "inherit", "inherit"], timeout: timeoutMs }));
}

function playwrightCommand(args: string[]): [string, ...string[]] {
  return [process.execPath, path.join(PROJECT_DIR, "node_modules/@playwright/test/cli.js"), ...args];
}

/** Chrome on Windows opens a window when asked for its version, so there its file must do. */
function runs(file: string): boolean {
  if (!isExecutable(file)) return false;
  if (process.platform === "win32") return true;
  return spawnSync(file, ["--version"], { stdio: "ignore", timeout: TRIAL_TIMEOUT_MS }).status === 0;
}
