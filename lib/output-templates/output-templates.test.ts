import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { deleteOutputTemplate } from "@/lib/output-templates/delete";
import { listOutputTemplates } from "@/lib/output-templates/list";
import { saveOutputTemplate } from "@/lib/output-templates/save";

let database: TestDatabase;
let context: Context;
beforeAll(async () => {
  database = await createTestDatabase();
  context = { db: database.db } as Context;
});
afterAll(() => database.close());

const FIELD = { name: "industry", description: "What it does", type: "str" };
const BLANK = { name: "", description: "", type: "str" };

describe("a template of fields to return", () => {
  test("is saved without its blank rows, listed by name, and deleted", async () => {
    const { id } = await saveOutputTemplate(context, { name: " Zebra ", fields: [FIELD, BLANK] });
    await saveOutputTemplate(context, { name: "Ant", fields: [FIELD] });
    expect(await listOutputTemplates(context)).toMatchObject([{ name: "Ant" }, { id, name: "Zebra", fields: [FIELD] }]);
    await deleteOutputTemplate(context, { id });
    await deleteOutputTemplate(context, { id });
    expect((await listOutputTemplates(context)).map(({ name }) => name)).toEqual(["Ant"]);
  });

  test("has its name for itself, also where ten are saved at once", async () => {
    const name = randomUUID();
    const saves = await Promise.allSettled(
      Array.from({ length: 10 }, () => saveOutputTemplate(context, { name, fields: [FIELD] })),
    );
    expect(saves.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(saves.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  });

  test.each([
    ["no name", { name: " ", fields: [FIELD] }],
    ["a name that is too long", { name: "x".repeat(101), fields: [FIELD] }],
    ["no fields", { name: "Empty", fields: [BLANK] }],
    ["a field that is not right", { name: "Bad", fields: [{ ...FIELD, name: "not a name" }] }],
  ])("is not saved with %s", async (_, given) => {
    await expect(saveOutputTemplate(context, given)).rejects.toMatchObject({ code: "invalid_input" });
  });
});
