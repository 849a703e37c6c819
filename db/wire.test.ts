import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "@/db/client";
import { readSnapshot } from "@/db/read-snapshot";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { startDistantPostgres } from "@/scripts/local/distant-postgres";
import { findPgBouncer, type PgBouncer, startPgBouncer } from "@/scripts/local/pgbouncer";

let database: TestDatabase;
const closing: (() => Promise<unknown> | undefined)[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => database.close());

/** Takes Postgres long to read, so that the answers to it and to what was sent before it come one after the other. */
function slowToRead(value: number) {
  const columns = Array.from(
    { length: 200 },
    (_, n) => `(select relname from pg_class c${n} join pg_attribute a${n} on attrelid = c${n}.oid limit 1) as x${n}`,
  );
  return sql`select ${value}::int as value, ${sql.raw(columns.join(", "))}`;
}

const slowValue = async (db: Pick<Database, "execute">, value: number) => {
  const [row] = await db.execute<{ value: number }>(slowToRead(value));
  return row?.value;
};

const file = findPgBouncer();

describe.skipIf(!file).each([1, 2])("behind a real PgBouncer with %i connections", (poolSize) => {
  let pooler: PgBouncer;
  let db: Database;
  beforeAll(async () => {
    pooler = await startPgBouncer(database.url, { file: file ?? "", poolSize });
    const pool = openDatabase(pooler.url, { isPooled: true, maxConnections: poolSize });
    db = pool.db;
    return async () => {
      await pool.close();
      await pooler.stop();
    };
  });

  test("statements with parameters are answered, whatever was sent right before them", async () => {
    for (let round = 1; round <= 5; round += 1) {
      const answers = await Promise.all([
        db.execute(sql`select 1`),
        slowValue(db, round),
        db.execute(sql`select 2`),
        slowValue(db, -round),
        readSnapshot(db, (tx) => Promise.all([tx.execute(sql`select 3`), slowValue(tx, round)])).then(
          ([, value]) => value,
        ),
        db.transaction((tx) => slowValue(tx, -round)),
      ]);
      expect([answers[1], answers[3], answers[4], answers[5]]).toEqual([round, -round, round, -round]);
    }
    expect(pooler.output()).not.toMatch(/not linked|dirty/);
  });

  test("a transaction that fails is over for what comes after it", async () => {
    const failing = db.transaction(async (tx) => {
      await Promise.all([slowValue(tx, 1), tx.execute(sql`select 1 / 0`), slowValue(tx, 2)]);
    });
    const [outcome, value] = await Promise.all([failing.catch(() => "failed"), slowValue(db, 3)]);
    expect([outcome, value]).toEqual(["failed", 3]);
    await expect(db.execute(sql`select ${"x"}::int`)).rejects.toThrow();
    expect(await slowValue(db, 4)).toBe(4);
    expect(pooler.output()).not.toMatch(/not linked|dirty/);
  });
});

test("within a transaction statements still go out together behind a pooler", async () => {
  const distant = await startDistantPostgres(database.url, { roundTripMs: 20 });
  const pool = openDatabase(distant.url, { isPooled: true });
  closing.push(
    () => distant.close(),
    () => pool.close(),
  );
  const read = () => readSnapshot(pool.db, (tx) => Promise.all([1, 2, 3].map(() => tx.execute(sql`select 1`))));
  await read();
  const before = distant.roundTrips();
  await read();
  // Begin; the snapshot with its statements; commit.
  expect(distant.roundTrips() - before).toBe(3);
});

/** Stands before the database, and can be told to swallow what the server says from now on. */
async function startSwallower(url: string) {
  const { hostname, port } = new URL(url);
  let isSwallowing = false;
  const sockets: Socket[] = [];
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const postgres = connect(Number(port), hostname);
    client.on("data", (bytes) => postgres.write(bytes));
    postgres.on("data", (bytes) => {
      if (!isSwallowing) client.write(bytes);
    });
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      sockets.push(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const before = new URL(url);
  before.hostname = "127.0.0.1";
  before.port = String((server.address() as AddressInfo).port);
  return {
    url: before.href,
    swallow(isOn: boolean) {
      isSwallowing = isOn;
    },
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test.each([
  ["a statement without parameters", (db: Database) => db.execute(sql`select 1`)],
  ["a statement with parameters", (db: Database) => db.execute(sql`select ${1}::int`)],
  ["a transaction", (db: Database) => db.transaction((tx) => tx.execute(sql`select 1`))],
])("a connection on which the answer to %s does not come in time is destroyed and replaced", async (_, ask) => {
  const between = await startSwallower(database.url);
  const pool = openDatabase(between.url, { maxConnections: 1, answerWithinMs: 300 });
  closing.push(
    () => between.close(),
    () => pool.close(),
  );
  await ask(pool.db);
  between.swallow(true);
  const outcomes = await Promise.allSettled([ask(pool.db), pool.db.execute(sql`select 2`)]);
  expect(outcomes[0]).toMatchObject({ status: "rejected" });
  between.swallow(false);
  expect(await pool.db.execute(sql`select 3 as three`)).toEqual([{ three: 3 }]);
  expect(between.connections()).toBeGreaterThan(1);
});

test("a connection that nobody uses, or whose answer is on its way, is kept", async () => {
  const pool = openDatabase(database.url, { maxConnections: 1, answerWithinMs: 200 });
  closing.push(() => pool.close());
  const pid = async () => (await pool.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid;
  const first = await pid();
  await database.db.execute(sql`select pg_sleep(0.5)`);
  expect(await pid()).toBe(first);
});

test("a server that ends a connection rejects all that waits on it, and the pool opens another", async () => {
  const pool = openDatabase(database.url, { maxConnections: 1 });
  closing.push(() => pool.close());
  const pid = async () => (await pool.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid ?? 0;
  const first = await pid();
  const outcomes = Promise.allSettled([1, 2, 3].map(() => pool.db.execute(sql`select pg_sleep(30)`)));
  await database.db.execute(sql`select pg_terminate_backend(${first})`);
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  // The driver hands the error of the ended connection to the next statement as well.
  await pid().catch(() => {});
  expect(await pid()).not.toBe(first);
});

test("a transaction whose connection ends midway fails alone, and its connection is opened again", async () => {
  const pool = openDatabase(database.url, { maxConnections: 1 });
  closing.push(() => pool.close());
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on("uncaughtException", note);
  closing.push(async () => process.off("uncaughtException", note));
  for (const statement of [sql`select pg_sleep(30)`, sql`select pg_sleep(${30})`]) {
    const transaction = pool.db.transaction(async (tx) => {
      const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      const end = async () => database.db.execute(sql`select pg_terminate_backend(${row?.pid ?? 0})`);
      setTimeout(() => void end(), 50);
      await tx.execute(statement);
    });
    await expect(transaction).rejects.toThrow();
    // The driver hands the error of the ended connection to the next statement as well.
    await pool.db.execute(sql`select 2`).catch(() => {});
    expect(await pool.db.execute(sql`select 3 as three`)).toEqual([{ three: 3 }]);
  }
  expect(uncaught).toEqual([]);
});

test("nothing of a transaction reaches the connection that was opened after its own was lost", async () => {
  const pool = openDatabase(database.url, { maxConnections: 1 });
  closing.push(() => pool.close());
  await database.db.execute(sql`create table kept (value int)`);
  let later: Promise<unknown> | undefined;
  const transaction = pool.db.transaction(async (tx) => {
    const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    later = (async () => {
      await database.db.execute(sql`select pg_terminate_backend(${row?.pid ?? 0})`);
      await transaction.catch(() => {});
      await pool.db.execute(sql`select 1`).catch(() => {});
      await pool.db.execute(sql`select 1`);
      await tx.execute(sql`insert into kept values (1)`);
    })();
    await later;
  });
  await expect(transaction).rejects.toThrow();
  await expect(later).rejects.toMatchObject({ cause: { message: "The connection of this transaction was lost." } });
  expect(await pool.db.execute(sql`select count(*)::int as count from kept`)).toEqual([{ count: 0 }]);
});
