import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { asCurl } from "@/lib/sixtyfour/as-curl";

/** What a shell makes of it: the arguments, one a line of JSON. */
function argumentsOf(command: string): string[] {
  const printed = execFileSync(
    "sh",
    ["-c", `curl() { node -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@"; }\n${command}`],
    {
      env: { ...process.env, SIXTYFOUR_API_KEY: "the key" },
      encoding: "utf8",
    },
  );
  return JSON.parse(printed);
}

test("a shell hands curl the request as it was, whatever is in it, and the key from a variable", () => {
  const body = { lead: { name: `O'Hara "$HOME" \`id\` \\ \n é` } };
  const command = asCurl({ path: "/find-email-async", shape: "single", body });
  expect(command).not.toContain("the key");
  expect(argumentsOf(command)).toEqual([
    "https://api.sixtyfour.ai/find-email-async",
    "--header",
    "x-api-key: the key",
    "--header",
    "content-type: application/json",
    "--data-raw",
    JSON.stringify(body),
  ]);
});

test("a file goes beside its config", () => {
  const command = asCurl({ path: "/bulk-intelligence/people", shape: "file", body: { tier: "low" } });
  expect(argumentsOf(command).slice(3)).toEqual([
    "--form",
    "file=@leads.csv",
    "--form-string",
    'config={"tier":"low"}',
  ]);
});
