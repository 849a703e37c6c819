import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectDriver, type Database, openDatabase, readDatabaseUrl, type Transaction } from "@/db/client";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { freePort } from "@/scripts/local/free-port";
import { findPgBouncer, startPgBouncer } from "@/scripts/local/pgbouncer";
import { startSwallower } from "@/scripts/local/swallowing-postgres";

let database: TestDatabase;
let watcher: postgres.Sql;
const uncaught: unknown[] = [];
const keep = (error: unknown) => uncaught.push(error);
const closing: (() => Promise<unknown> | undefined)[] = [];

beforeAll(async () => {
  process.on("uncaughtExceptionMonitor", keep);
  database = await createTestDatabase();
  watcher = postgres(database.url, { max: 1, onnotice: () => {} });
  await watcher`create table letters (mark text not null)`;
});
beforeEach(async () => {
  await terminateOthers();
  await watcher`truncate letters`;
  uncaught.length = 0;
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  expect(uncaught).toEqual([]);
});
afterAll(async () => {
  process.off("uncaughtExceptionMonitor", keep);
  await watcher.end();
  await database.close();
});

type Executor = Pick<Database, "execute">;

const mark = (db: Executor, text: string) => db.execute(sql`insert into letters values (${text})`);
const marks = async () => (await watcher<{ mark: string }[]>`select mark from letters`).map(({ mark }) => mark).sort();
const terminate = async (pid: number) => {
  await watcher`select pg_terminate_backend(${pid})`;
};
/** Ends what Postgres still does for nobody, which holds locks. */
const terminateOthers = async () => {
  await watcher`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_sleep%' and state <> 'idle'`;
};

async function pidOf(db: Executor): Promise<number> {
  const [row] = await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
}

async function echo(db: Executor, value: number): Promise<unknown> {
  // The driver writes long statements at once, and short ones a moment later.
  const padding = value % 4 === 0 ? "x".repeat(2_000) : "";
  const [row] = await db.execute<{ value: number }>(
    sql`select ${value}::int as value, pg_sleep(0.001), ${padding}::text`,
  );
  return row?.value;
}

/** What a transaction may be waiting for when its connection is lost. */
const waits: [name: string, (tx: Transaction) => Promise<unknown>][] = [
  ["a statement", (tx) => tx.execute(sql`select pg_sleep(30)`)],
  ["a statement with parameters", (tx) => tx.execute(sql`select pg_sleep(${30}::int)`)],
  ["a statement of a savepoint", (tx) => tx.transaction((inner) => inner.execute(sql`select pg_sleep(${30}::int)`))],
  [
    "several statements",
    (tx) =>
      Promise.all([
        tx.execute(sql`select pg_sleep(30)`),
        tx.execute(sql`select pg_sleep(${30}::int)`),
        mark(tx, "several"),
      ]),
  ],
  ["nothing", () => sleep(50)],
];

/**
 * Loses the connection of a transaction while it waits, and tells what became of all that was, is and will be asked on the
 * only connection there is.
 */
async function loseTransaction(
  db: Database,
  wait: (tx: Transaction) => Promise<unknown>,
  lose: (pid: number) => Promise<unknown>,
) {
  let dead: Transaction | undefined;
  let next: Promise<unknown> | undefined;
  const afterLoss: PromiseSettledResult<unknown>[] = [];
  const [outcome] = await Promise.allSettled([
    db.transaction(async (tx) => {
      dead = tx;
      const pid = await pidOf(tx);
      await mark(tx, "lost");
      const waiting = wait(tx).catch(() => {});
      next = echo(db, 5);
      await sleep(20);
      await lose(pid);
      await waiting;
      await sleep(20);
      afterLoss.push(...(await Promise.allSettled([mark(tx, "after"), tx.execute(sql`select 1`), pidOf(tx)])));
    }),
  ]);
  const queued = await next;
  const late: PromiseSettledResult<unknown>[] = [];
  await db.transaction(async (tx) => {
    await mark(tx, "other 1");
    if (dead) late.push(...(await Promise.allSettled([mark(dead, "late"), dead.transaction((inner) => pidOf(inner))])));
    await mark(tx, "other 2");
  });
  return {
    outcome: outcome.status,
    afterLoss: afterLoss.map(({ status }) => status),
    queued,
    late: late.map(({ status }) => status),
    next: await Promise.all([echo(db, 1), echo(db, 2), db.transaction((tx) => echo(tx, 3))]),
    marks: await marks(),
  };
}

const ALL_WELL = {
  outcome: "rejected",
  afterLoss: ["rejected", "rejected", "rejected"],
  queued: 5,
  late: ["rejected", "rejected"],
  next: [1, 2, 3],
  marks: ["other 1", "other 2"],
};

describe.each([
  ["direct", false],
  ["pooled", true],
])("on one connection, %s", (_, isPooled) => {
  test.each(waits)("Postgres ends a transaction's connection that waits for %s", async (_, wait) => {
    const pool = openDatabase(database.url, { maxConnections: 1, isPooled });
    closing.push(() => pool.close());
    expect(await loseTransaction(pool.db, wait, terminate)).toEqual(ALL_WELL);
    // Statements are prepared by now, COMMIT and ROLLBACK among them.
    await watcher`truncate letters`;
    expect(await loseTransaction(pool.db, wait, terminate)).toEqual(ALL_WELL);
  });

  test.each(waits.slice(0, 4))("a silent database ends a transaction that waits for %s", async (_, wait) => {
    const between = await startSwallower(database.url);
    const pool = openDatabase(between.url, { maxConnections: 1, isPooled, answerWithinMs: 500 });
    closing.push(
      () => between.close(),
      () => pool.close(),
    );
    const lose = async () => {
      between.swallow(true);
      setTimeout(() => between.swallow(false), 450);
    };
    expect(await loseTransaction(pool.db, wait, lose)).toEqual(ALL_WELL);
  });

  test("a network that resets a transaction's connection", async () => {
    const between = await startSwallower(database.url);
    const pool = openDatabase(between.url, { maxConnections: 1, isPooled });
    closing.push(
      () => between.close(),
      () => pool.close(),
    );
    for (const [, wait] of waits) {
      await terminateOthers();
      await watcher`truncate letters`;
      expect(await loseTransaction(pool.db, wait, async () => between.reset())).toEqual(ALL_WELL);
    }
  });

  test("a transaction of prepared statements", async () => {
    const client = connectDriver(readDatabaseUrl(database.url, isPooled), {
      max: 1,
      prepare: true,
      fetch_types: false,
    });
    closing.push(() => client.end({ timeout: 5 }));
    const insert = (on: Pick<postgres.Sql, "unsafe">, text: string) =>
      on.unsafe("insert into letters values ($1)", [text], { prepare: true });
    for (const round of [1, 2, 3]) {
      let dead: postgres.TransactionSql | undefined;
      let made: PromiseLike<unknown> | undefined;
      const lost = client.begin(async (tx) => {
        dead = tx;
        made = insert(tx, "late");
        await insert(tx, "lost");
        const [row] = await tx.unsafe("select pg_backend_pid() as pid", [], { prepare: true });
        const waiting = tx.unsafe("select pg_sleep($1::int)", [30], { prepare: true });
        setTimeout(() => terminate(row?.pid), 20);
        await waiting;
      });
      const queued = client.unsafe("select $1::int as value", [round], { prepare: true });
      await expect(lost).rejects.toMatchObject({ code: "57P01" });
      expect(await queued).toEqual([{ value: round }]);
      await client.begin(async (tx) => {
        await insert(tx, `other ${round}`);
        await expect(insert(dead as postgres.TransactionSql, "late")).rejects.toMatchObject({
          code: "TRANSACTION_ENDED",
        });
        await expect(made).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
      });
    }
    expect(await marks()).toEqual(["other 1", "other 2", "other 3"]);
  });

  test("the end of a connection is told to the statements that wait on it, and to no other", async () => {
    const pool = openDatabase(database.url, { maxConnections: 1, isPooled });
    closing.push(() => pool.close());
    for (const wait of [sql`select pg_sleep(30)`, sql`select pg_sleep(${30}::int)`]) {
      const pid = await pidOf(pool.db);
      const waiting = pool.db.execute(wait);
      await Promise.all([expect(waiting).rejects.toMatchObject({ cause: { code: "57P01" } }), terminate(pid)]);
      expect(await echo(pool.db, 6)).toBe(6);
    }
    const pid = await pidOf(pool.db);
    await terminate(pid);
    await sleep(50);
    expect(await echo(pool.db, 7)).toBe(7);
  });

  test("an answer that breaks off after some rows leaves no holes before those of the next", async () => {
    const pool = openDatabase(database.url, { maxConnections: 1, isPooled });
    closing.push(() => pool.close());
    const breaksOff = sql`select 1 / (3 - n) from generate_series(1, 5) as n`;
    await expect(pool.db.execute(breaksOff)).rejects.toThrow();
    expect([...(await pool.db.execute(sql`select 7 as seven`))]).toEqual([{ seven: 7 }]);
    const pid = await pidOf(pool.db);
    const slow = pool.db.execute(
      sql`select n, repeat('x', 9000) from generate_series(1, 5) as n where n < 5 or pg_sleep(30) is null`,
    );
    setTimeout(() => terminate(pid), 50);
    await expect(slow).rejects.toThrow();
    expect([...(await pool.db.execute(sql`select 8 as eight`))]).toEqual([{ eight: 8 }]);
  });

  test("connections that are lost at any moment lose no answer, mix up none and halve no transaction", async () => {
    const between = await startSwallower(database.url);
    const pool = openDatabase(between.url, { maxConnections: 2, isPooled });
    closing.push(
      () => between.close(),
      () => pool.close(),
    );
    let isOver = false;
    let answered = 0;
    let wrong = 0;
    const ask = async (n: number) => {
      for (let i = 0; !isOver; i += 1) {
        const value = n * 1_000_000 + i;
        const asked =
          n % 2 === 0
            ? echo(pool.db, value)
            : pool.db.transaction(async (tx) => {
                await mark(tx, String(value));
                const [got] = await Promise.all([
                  echo(tx, value),
                  tx.transaction((inner) => mark(inner, String(value))),
                ]);
                return got;
              });
        const got = await asked.catch(() => undefined);
        if (got === value) answered += 1;
        else if (got !== undefined) wrong += 1;
      }
    };
    const asking = Promise.all([0, 1, 2, 3, 4, 5].map(ask));
    for (let n = 0; n < 12; n += 1) {
      // The pool waits for 300 ms before it connects again.
      await sleep(350 + ((n * 7) % 40));
      if (n % 2 === 0) between.reset();
      else await terminateOthers();
    }
    isOver = true;
    await asking;
    expect({ wrong, hasAnswered: answered > 40 }).toEqual({ wrong: 0, hasAnswered: true });
    const counts = await watcher`select mark from letters group by mark having count(*) <> 2`;
    expect([...counts]).toEqual([]);
    expect(await echo(pool.db, 9)).toBe(9);
  });
});

const file = findPgBouncer();

describe.skipIf(!file)("behind a real PgBouncer", () => {
  test.each(waits)("Postgres ends a transaction's connection that waits for %s", async (_, wait) => {
    const pooler = await startPgBouncer(database.url, { file: file ?? "", poolSize: 1 });
    const pool = openDatabase(pooler.url, { isPooled: true });
    closing.push(
      () => pooler.stop(),
      () => pool.close(),
    );
    expect(await loseTransaction(pool.db, wait, terminate)).toEqual(ALL_WELL);
  });

  test.each(waits)("a restart of the pooler during a transaction that waits for %s", async (_, wait) => {
    const port = await freePort();
    const start = () => startPgBouncer(database.url, { file: file ?? "", poolSize: 1, port });
    let pooler = await start();
    const pool = openDatabase(pooler.url, { isPooled: true });
    closing.push(
      () => pooler.stop(),
      () => pool.close(),
    );
    const restart = async () => {
      await pooler.stop();
      pooler = await start();
    };
    expect(await loseTransaction(pool.db, wait, restart)).toEqual(ALL_WELL);
  });
});

test("a server that hangs up before it lets anybody in is told at once", async () => {
  const between = await startSwallower(database.url);
  closing.push(() => between.close());
  between.refuse(true);
  const pool = openDatabase(between.url, { maxConnections: 1 });
  closing.push(() => pool.close());
  await expect(pool.db.execute(sql`select 1`)).rejects.toMatchObject({ cause: { code: "CONNECTION_CLOSED" } });
  between.refuse(false);
  expect(await echo(pool.db, 4)).toBe(4);
});
