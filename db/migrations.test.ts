import { createHash, randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { MIGRATIONS_FOLDER, migrateDatabase } from "@/db/migrate";

let server: postgres.Sql;
let sql: postgres.Sql;
let url: URL;
beforeAll(async () => {
  server = postgres(inject("databaseServerUrl"), { max: 1, onnotice: () => {} });
  url = new URL(inject("databaseServerUrl"));
  url.pathname = `/test_${randomUUID().replaceAll("-", "")}`;
  await server`create database ${server(url.pathname.slice(1))}`;
  sql = postgres(url.href, { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await server`drop database if exists ${server(url.pathname.slice(1))} with (force)`;
  await server.end();
});

/** Applies the migrations up to one, as an older build has them. */
async function migrateUpTo(last: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "migrations-"));
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  const file = path.join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(file, "utf8"));
  journal.entries = journal.entries.filter(({ idx }: { idx: number }) => idx <= last);
  await writeFile(file, JSON.stringify(journal));
  await migrate(drizzle(sql), { migrationsFolder: folder });
  await rm(folder, { recursive: true });
}

test("0021 hashes the keys of programs, revokes tokens of removed users, and leaves all others as they are", async () => {
  await migrateUpTo(20);
  const rawKey = `api:${randomUUID()}:ada@example.com`;
  for (const key of [rawKey, "draft:1", "hashOfAForm"]) {
    await sql`insert into submissions (id, kind, request_key) values (${randomUUID()}, 'find_email', ${key})`;
  }
  const [userId, gone, again] = [randomUUID(), randomUUID(), randomUUID()];
  await sql`insert into users (id, email, name) values (${userId}, 'ada@example.com', 'Ada')`;
  const newToken = async (
    actor: { type: string; id: string | null; name: string } | null,
    createdBy: string | null,
  ) => {
    const id = randomUUID();
    await sql`insert into api_tokens (id, name, token_hash, prefix, created_by)
      values (${id}, 'T', ${Buffer.from(id)}, 's64d_', ${createdBy})`;
    if (actor) {
      await sql`insert into audit_events (id, actor_type, actor_id, actor_name, action, subject_type, subject_id)
        values (${randomUUID()}, ${actor.type}, ${actor.id}, ${actor.name}, 'token.create', 'token', ${id})`;
    }
    return id;
  };
  const kept = [
    await newToken({ type: "user", id: userId, name: "ada@example.com" }, "ada@example.com"),
    // Made where nobody has to sign in, or before there was an audit log.
    await newToken({ type: "nobody", id: null, name: "nobody" }, null),
    await newToken(null, null),
  ];
  const revoked = [
    await newToken({ type: "user", id: gone, name: "bob@example.com" }, null),
    // Removed, and invited again since: as another user.
    await newToken({ type: "user", id: again, name: "ada@example.com" }, null),
  ];

  await migrateDatabase(url.href);
  const tokens = await sql<{ id: string; isRevoked: boolean }[]>`
    select id, revoked_at is not null as "isRevoked" from api_tokens`;
  expect(new Set(tokens.flatMap(({ id, isRevoked }) => (isRevoked ? [id] : [])))).toEqual(new Set(revoked));
  expect(
    tokens
      .filter(({ isRevoked }) => !isRevoked)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(kept.sort());

  const hashed = `api:${createHash("sha256").update(rawKey).digest("hex")}`;
  const keys = await sql<{ request_key: string }[]>`select request_key from submissions`;
  expect(keys.map(({ request_key }) => request_key).sort()).toEqual([hashed, "draft:1", "hashOfAForm"].sort());
  // An instance of the version before, which still runs, is told that the key was used.
  const repeated = await sql`insert into submissions (id, kind, request_key)
    values (${randomUUID()}, 'find_email', ${rawKey}) on conflict (request_key) do nothing`;
  expect(repeated.count).toBe(0);
});
