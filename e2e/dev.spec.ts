import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@/e2e/fixtures";
import { ADMIN, SIGN_IN_VARIABLES, signIn } from "@/e2e/sign-in";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

/** Next writes into it which routes this `next dev` has compiled so far. */
const COMPILED_FILE = path.join(PROJECT_DIR, ".next/dev/server/app-paths-manifest.json");

test("`next dev` works at localhost and at 127.0.0.1, and compiles pages before they are opened", async ({
  page,
  stack,
}) => {
  const app = await stack.startAppWith({ ...SIGN_IN_VARIABLES, LOG_LEVEL: "info" }, undefined, "dev");
  try {
    const { port } = new URL(app.url);
    for (const host of ["localhost", "127.0.0.1"]) {
      const socket = page.waitForEvent("websocket", (one) => one.url().startsWith(`ws://${host}:${port}/_next/`));
      await page.goto(`http://${host}:${port}/sign-in`);
      // Nothing is received over a socket that Next refuses, and without it React waits and hydrates nothing.
      await (await socket).waitForEvent("framereceived");
      await page.waitForFunction(() =>
        Object.keys(document.querySelector("#main") ?? {}).some((key) => key.startsWith("__reactFiber$")),
      );
      await signIn(page, { email: ADMIN.email, password: "not the admin's" });
      await expect(page.getByRole("alert").filter({ hasText: "Email or password is wrong." })).toBeVisible();
    }
    // Nobody has opened the list.
    const compiled = async () => Object.keys(JSON.parse(await readFile(COMPILED_FILE, "utf8")));
    await expect.poll(compiled, { timeout: 60_000 }).toContain("/page");
    expect(app.output()).not.toContain("pages_not_compiled");
  } finally {
    await app.stop();
  }
  expect(await app.ended).toBe("ended with code 0");
});
