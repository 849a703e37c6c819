import { validate, version } from "uuid";
import { describe, expect, it } from "vitest";
import { newId } from "@/db/new-id";

describe("newId", () => {
  it("makes ids that differ, in the order they were asked for, more of them than are drawn at a time", () => {
    const ids = Array.from({ length: 2_000 }, newId);
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect(new Set(ids).size).toBe(2_000);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("has them begin with the time", () => {
    const before = Date.now();
    const at = Number.parseInt(newId().replaceAll("-", "").slice(0, 12), 16);
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });
});
