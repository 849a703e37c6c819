import { expect, test } from "vitest";
import { FAULTS } from "@/app/sandbox/faults";
import { findBehaviours } from "@/sandbox/behaviours";

test.each(Object.entries(FAULTS))("%s names a company for which the sandbox misbehaves", (_, { company }) => {
  expect(findBehaviours([{ company }]).size).toBe(1);
});
