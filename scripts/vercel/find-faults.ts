import type { BuildOutput, BuiltFunction } from "@/scripts/vercel/build-output";

export const WEBHOOK_ROUTE = "api/webhooks/sixtyfour";

/** A file with code of ours, and of the packages that are bundled with it. */
export interface CodeFile {
  file: string;
  text: string;
}

/** A limit that says why. Next's own server is 1.8 MB of it; the pages' code that Vercel adds for a 404 another MB. */
const WEBHOOK_BUDGET_IN_BYTES = 6_000_000;
/** Our own code that a first webhook has to load, with the packages in it: what a cold start waits for. */
const WEBHOOK_LOADED_BUDGET_IN_BYTES = 1_200_000;

/** Words that stay in the code of the pages' packages when it is minified. */
const UI_MARKS = { Mantine: "mantine", "React Query": "QueryClient", "the icons": "tabler-icon", visx: "visx-" };

/**
 * How long a route may take, in seconds. A webhook is answered within 8, and looks after other tasks for up to 43 after that:
 * 20 of sending and a last submit, which is given up after 20. What a person submits takes such a submit before it.
 */
function secondsAllowed(route: string): number {
  if (route === WEBHOOK_ROUTE) return 60;
  return /(^|\/)export$/.test(route) ? 300 : 90;
}

/** What would go wrong with this output on Vercel, a sentence each. */
export function findFaults(output: BuildOutput, sourceFiles: string[]): string[] {
  const functionOf = new Map(output.functions.flatMap((built) => built.routes.map((route) => [route, built] as const)));
  const faults: string[] = [];
  for (const route of routesOf(sourceFiles)) {
    const built = functionOf.get(route);
    const seconds = secondsAllowed(route);
    if (!built) faults.push(`/${route} has no function.`);
    else if (built.maxDuration !== seconds) {
      faults.push(`/${route} may take ${built.maxDuration ?? "no stated number of"} seconds, and should ${seconds}.`);
    }
  }
  for (const path of output.cronPaths) {
    if (!functionOf.has(path.slice(1))) faults.push(`The cron calls ${path}, which has no function.`);
  }
  const webhook = functionOf.get(WEBHOOK_ROUTE);
  if (webhook) faults.push(...faultsOfWebhook(webhook));
  for (const { name, files } of output.functions) {
    const envFiles = [...files.keys()].filter((file) => /(^|\/)\.env(\.(?!example$)|$)/.test(file));
    if (envFiles.length > 0) faults.push(`The function ${name} would carry ${envFiles.join(", ")}.`);
  }
  return faults;
}

function faultsOfWebhook({ routes, bytes }: BuiltFunction): string[] {
  const others = routes.filter((route) => route !== WEBHOOK_ROUTE && route !== `${WEBHOOK_ROUTE}.rsc`);
  const faults: string[] = [];
  if (others.length > 0) faults.push(`The webhook shares its function with ${others.join(", ")}.`);
  if (bytes > WEBHOOK_BUDGET_IN_BYTES) {
    faults.push(`The webhook's function has ${bytes} bytes, over its budget of ${WEBHOOK_BUDGET_IN_BYTES}.`);
  }
  return faults;
}

/** What is wrong with the code that the webhook's route may load (`traced`), and what a first webhook has loaded. */
export function findFaultsOfCode({ traced, loaded }: { traced: CodeFile[]; loaded: CodeFile[] }): string[] {
  const faults = [...traced, ...loaded].flatMap(({ file, text }) =>
    Object.entries(UI_MARKS).flatMap(([name, mark]) =>
      text.includes(mark) ? [`The webhook's code has ${name} in it, by ${file}.`] : [],
    ),
  );
  const bytes = loaded.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > WEBHOOK_LOADED_BUDGET_IN_BYTES) {
    faults.push(`A webhook loads ${bytes} bytes of our code, over the budget of ${WEBHOOK_LOADED_BUDGET_IN_BYTES}.`);
  }
  return [...new Set(faults)];
}

/** The pages and routes of the app, as Vercel names them. */
function routesOf(sourceFiles: string[]): string[] {
  return sourceFiles.flatMap((file) => {
    const match = /^app\/(?:(.*)\/)?(?:page\.tsx|route\.ts)$/.exec(file);
    if (!match) return [];
    // A folder in brackets groups pages, and is no part of their address.
    const segments = (match[1] ?? "").split("/").filter((segment) => segment && !/^\(.*\)$/.test(segment));
    return [segments.join("/") || "index"];
  });
}
