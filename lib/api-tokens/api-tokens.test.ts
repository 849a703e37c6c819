import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiTokens } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { authenticate } from "@/lib/api-tokens/authenticate";
import { createApiToken } from "@/lib/api-tokens/create";
import { listApiTokens } from "@/lib/api-tokens/list";
import { revokeApiToken } from "@/lib/api-tokens/revoke";
import type { Context } from "@/lib/context";

let database: TestDatabase;
let context: Context;
beforeAll(async () => {
  database = await createTestDatabase();
  // Tokens need no more of the context than the database.
  context = { db: database.db } as Context;
});
afterAll(() => database.close());

const rowOf = async (id: string) => {
  const [row] = await context.db.select().from(apiTokens).where(eq(apiTokens.id, id));
  return row;
};

test("of a token only its SHA-256 and its first characters are kept", async () => {
  const { id, token } = await createApiToken(context, { name: "  CRM  " });
  expect(token).toMatch(/^s64d_[\w-]{43}$/);
  const row = await rowOf(id);
  expect(row).toMatchObject({ name: "CRM", prefix: token.slice(0, 11), lastUsedAt: null, revokedAt: null });
  expect(Buffer.from(row?.tokenHash ?? [])).toEqual(createHash("sha256").update(token).digest());
  expect(JSON.stringify(await listApiTokens(context))).not.toContain(token.slice(11));
});

test("a token without a name, or with too long a one, is not made", async () => {
  const before = (await listApiTokens(context)).length;
  for (const name of ["", "   ", "x".repeat(101)]) {
    await expect(createApiToken(context, { name })).rejects.toMatchObject({ code: "invalid_input" });
  }
  expect(await listApiTokens(context)).toHaveLength(before);
});

test("a good token is known, in whatever case the scheme is written, and nothing else is", async () => {
  const { id, token } = await createApiToken(context, { name: "A" });
  for (const scheme of ["Bearer", "bearer"]) {
    expect(await authenticate(context, `${scheme} ${token}`)).toEqual({ type: "token", id, name: "A" });
  }
  const altered = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
  for (const header of [null, "", token, `Basic ${token}`, `Bearer ${altered}`, `Bearer ${token} x`, "Bearer "]) {
    expect(await authenticate(context, header)).toBeNull();
  }
});

test("when a token was last used is written at most once a minute", async () => {
  const { id, token } = await createApiToken(context, { name: "B" });
  await authenticate(context, `Bearer ${token}`);
  const first = (await rowOf(id))?.lastUsedAt;
  expect(first).toBeInstanceOf(Date);
  await authenticate(context, `Bearer ${token}`);
  expect((await rowOf(id))?.lastUsedAt).toEqual(first);
  await context.db
    .update(apiTokens)
    .set({ lastUsedAt: sql`now() - interval '61 seconds'` })
    .where(eq(apiTokens.id, id));
  await authenticate(context, `Bearer ${token}`);
  expect((await rowOf(id))?.lastUsedAt?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Number.NaN);
});

test("a revoked token is refused for good, stays in the list, and keeps the time of its first revoking", async () => {
  const { id, token } = await createApiToken(context, { name: "C" });
  await revokeApiToken(context, { tokenId: id });
  const revokedAt = (await rowOf(id))?.revokedAt;
  expect(revokedAt).toBeInstanceOf(Date);
  await revokeApiToken(context, { tokenId: id });
  expect((await rowOf(id))?.revokedAt).toEqual(revokedAt);
  expect(await authenticate(context, `Bearer ${token}`)).toBeNull();
  expect((await rowOf(id))?.lastUsedAt).toBeNull();
  expect((await listApiTokens(context)).find((one) => one.id === id)?.revokedAt).toBe(revokedAt?.toISOString());
});

test("revoking what is no token is told so", async () => {
  for (const tokenId of ["", "nonsense", "0190a000-0000-7000-8000-000000000000"]) {
    await expect(revokeApiToken(context, { tokenId })).rejects.toMatchObject({ code: "not_found" });
  }
});

test("a token does what its scopes say, and admin holds the others", async () => {
  const tokenWith = async (scopes?: string[]) =>
    (await createApiToken(context, { name: "S", ...(scopes && { scopes }) })).token;
  const may = async (token: string) => {
    const allowed = [];
    for (const scope of ["read", "submit", "admin"] as const) {
      const found = await authenticate(context, `Bearer ${token}`, scope).catch(
        (error: { code: string }) => error.code,
      );
      if (found !== "forbidden") allowed.push(scope);
    }
    return allowed;
  };
  expect(await may(await tokenWith())).toEqual(["read", "submit"]);
  expect(await may(await tokenWith(["read"]))).toEqual(["read"]);
  expect(await may(await tokenWith(["submit"]))).toEqual(["submit"]);
  expect(await may(await tokenWith(["admin"]))).toEqual(["read", "submit", "admin"]);
  for (const scopes of [[], ["write"], ["read", "everything"]]) {
    await expect(tokenWith(scopes)).rejects.toMatchObject({ code: "invalid_input" });
  }
});

test("a token can expire, and is refused from then on", async () => {
  const { id, token } = await createApiToken(context, { name: "E", expiresInDays: 30 });
  expect(await authenticate(context, `Bearer ${token}`)).not.toBeNull();
  await context.db.update(apiTokens).set({ expiresAt: sql`now() - interval '1 second'` }).where(eq(apiTokens.id, id));
  expect(await authenticate(context, `Bearer ${token}`)).toBeNull();
  expect((await listApiTokens(context)).find((one) => one.id === id)).toMatchObject({
    isExpired: true,
    revokedAt: null,
  });
  for (const expiresInDays of [0, -1, 1.5, Number.NaN, 1e9]) {
    await expect(createApiToken(context, { name: "E", expiresInDays })).rejects.toMatchObject({
      code: "invalid_input",
    });
  }
});
