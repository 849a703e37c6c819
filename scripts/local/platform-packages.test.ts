import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { missingPlatformPackages, withoutIntegrity } from "@/scripts/local/platform-packages";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const lockText = readFileSync(path.join(PROJECT_DIR, "package-lock.json"), "utf8");

test("the lock file has the packages of every platform (else: npm run lock:complete)", () => {
  expect(missingPlatformPackages(JSON.parse(lockText).packages)).toEqual({});
});

test("every package of the lock file has its integrity hash (else: npm run lock:complete)", () => {
  expect(withoutIntegrity(JSON.parse(lockText).packages)).toEqual({});
});

test("the lock file names no registry", () => {
  expect(lockText).not.toContain('"resolved": "http');
});

test("a missing platform package is told with its platform", () => {
  const packages = {
    "node_modules/tool": {
      dev: true,
      optionalDependencies: { "@tool/linux-x64-musl": "1.2.3", "@tool/win32-x64": "1.2.3" },
    },
    "node_modules/@tool/win32-x64": {},
  };
  expect(missingPlatformPackages(packages)).toEqual({
    "node_modules/@tool/linux-x64-musl": {
      version: "1.2.3",
      cpu: ["x64"],
      libc: ["musl"],
      os: ["linux"],
      dev: true,
      optional: true,
    },
  });
});
