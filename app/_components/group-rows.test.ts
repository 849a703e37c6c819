import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { groupRows } from "@/app/_components/group-rows";

const idOf = (name: string | number) => createHash("sha256").update(String(name)).digest("hex").slice(0, 32);
const ids = Array.from({ length: 5_000 }, (_, index) => idOf(index));
const groupsOf = (given: string[]) => groupRows(given, (id) => id);

test("each row is in one group, in its order, and each group knows its place", () => {
  const groups = groupsOf(ids);
  expect(groups.flatMap(({ rows }) => rows)).toEqual(ids);
  for (const { rows, start } of groups) expect(ids.slice(start, start + rows.length)).toEqual(rows);
  expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
});

test("groups are neither many nor long, whatever the ids are", () => {
  for (const given of [ids, ids.map((_, index) => `row-${index}`)]) {
    const groups = groupsOf(given);
    expect(Math.max(...groups.map(({ rows }) => rows.length))).toBeLessThanOrEqual(64);
    expect(groups.length).toBeLessThan(500);
  }
});

test("a row that comes in before others moves none of them to another group", () => {
  const groupOfEach = (given: string[]) =>
    new Map(groupsOf(given).flatMap(({ key, rows }) => rows.map((id) => [id, key] as const)));
  const before = groupOfEach(ids);
  for (let count = 1; count <= 30; count += 1) {
    const newOnes = Array.from({ length: count }, (_, index) => idOf(`new ${index}`));
    const after = groupOfEach([...newOnes, ...ids]);
    expect(ids.filter((id) => after.get(id) !== before.get(id))).toEqual([]);
  }
});
