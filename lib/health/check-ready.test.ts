import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { checkReady } from "@/lib/health/check-ready";
import { divertLog } from "@/lib/log";

let database: TestDatabase;
let endDiversion: () => void;
const closing: (() => Promise<unknown> | undefined)[] = [];
beforeAll(async () => {
  endDiversion = divertLog(() => {});
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  endDiversion();
  await database.close();
});

const NOT_READY = { isReady: false, database: "out_of_reach", migrations: "unknown" };

test("a database with all migrations is ready", async () => {
  expect(await checkReady(database)).toEqual({ isReady: true, database: "ok", migrations: "ok" });
});

test("the migrations that it lacks are named, also one before the last; one that is ahead is ready", async () => {
  const { db, close } = await createTestDatabase();
  closing.push(close);
  await db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of tomorrow', 99999999999999)`,
  );
  expect(await checkReady({ db })).toMatchObject({ isReady: true });
  const nth = (offset: number) =>
    sql`(select created_at from drizzle.__drizzle_migrations order by created_at offset ${offset} limit 1)`;
  await db.execute(sql`delete from drizzle.__drizzle_migrations where created_at in (${nth(1)}, ${nth(11)})`);
  const missing = ["0001_tokens_and_log", "0011_found_count"];
  expect(await checkReady({ db })).toEqual({ isReady: false, database: "ok", migrations: "missing", missing });
});

test("an empty database lacks all of them", async () => {
  const { db, close } = await createTestDatabase();
  closing.push(close);
  await db.execute(sql`drop schema drizzle cascade`);
  const { migrations, missing } = await checkReady({ db });
  expect(migrations).toBe("missing");
  expect(missing?.[0]).toBe("0000_first");
});

test("a database that refuses is out of reach", async () => {
  const { db, close } = openDatabase("postgres://nobody@127.0.0.1:9/nothing");
  closing.push(close);
  expect(await checkReady({ db })).toEqual(NOT_READY);
});

test("one that takes the connection and says nothing is out of reach, and asked once however many ask", async () => {
  const connections: Socket[] = [];
  const silent: Server = createServer((socket) => {
    connections.push(socket);
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  // It is never closed: with its server it has nothing left to wait for.
  const { db } = openDatabase(`postgres://u:p@127.0.0.1:${(silent.address() as AddressInfo).port}/x`);
  closing.push(async () => {
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
  // It answers at all only because of its deadline: the connection itself is given up later than this.
  expect(await Promise.all([checkReady({ db }), checkReady({ db })])).toEqual([NOT_READY, NOT_READY]);
  expect(await checkReady({ db })).toEqual(NOT_READY);
  expect(connections).toHaveLength(1);
});
