import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BEHAVIOURS } from "@/sandbox/behaviours";

test.each(Object.values(BEHAVIOURS))("$name is listed in the README", ({ name }) => {
  expect(readFileSync("README.md", "utf8")).toContain(name);
});
