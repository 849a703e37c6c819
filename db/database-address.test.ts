import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { type DatabaseAddress, DatabaseAddressError, readDatabaseUrl } from "@/db/database-address";
import { createTestDatabase, type TestDatabase } from "@/db/testing";

const folder = mkdtempSync(path.join(tmpdir(), "sixtyfour-address-"));
const caFile = path.join(folder, "ca.pem");
writeFileSync(caFile, "an authority");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLAIN = { when: "never", verifies: "none" } as const;
const ENCRYPTED = { when: "required", verifies: "none" } as const;

describe("statements are kept prepared", () => {
  test.each([
    ["postgres://u:p@db.example.com/app", true],
    ["postgres://u:p@db.example.com/app?prepare=false", false],
    ["postgres://u:p@db.example.com:6543/app", false],
    ["postgres://u:p@aws-0-eu-west-1.pooler.supabase.com:5432/postgres", false],
    ["postgres://u:p@ep-cool-night-123-pooler.eu-central-1.aws.neon.tech/app", true],
    ["postgres://u:p@my-pooler.example.com/app", false],
  ])("%s: %s", (url, keepsStatements) => {
    expect(readDatabaseUrl(url).keepsStatements).toBe(keepsStatements);
  });
});

describe("an address is a transaction pooler's", () => {
  test.each([
    ["postgres://u:p@db.example.com:5432/app", false],
    ["postgres://u:p@my-pooler-less.example.com/app", false],
    ["postgres://u:p@db.example.com:6543/app", true],
    ["postgres://u:p@aws-0-eu-west-1.pooler.supabase.com:5432/postgres", true],
    ["postgres://u:p@ep-cool-night-123-pooler.eu-central-1.aws.neon.tech/app?sslmode=require", true],
    ["postgres://u:p@db.example.com/app?pgbouncer=true", true],
    ["postgres://u:p@db.example.com/app?pgbouncer=false", false],
  ])("%s: %s", (url, isPooled) => {
    expect(readDatabaseUrl(url)).toMatchObject({ url: url.replace(/\?.*/, ""), isPooled });
    expect(readDatabaseUrl(url, !isPooled)).toMatchObject({ isPooled: !isPooled });
  });
});

describe("parameters that hosts put into an address", () => {
  test.each<[host: string, query: string, expected: Partial<DatabaseAddress>]>([
    ["Neon", "sslmode=require&channel_binding=require", { tls: ENCRYPTED, ignored: ["channel_binding"] }],
    ["Neon, without SNI", "sslmode=require&options=endpoint%3Dep-cool-1", { tls: ENCRYPTED, ignored: ["options"] }],
    ["Neon, with a project", "options=project%3Dcool", { ignored: ["options"] }],
    ["Supabase on Vercel", "sslmode=require&supa=base-pooler.x", { tls: ENCRYPTED, ignored: ["supa"] }],
    ["Supabase's older one", "workaround=supabase-pooler.vercel", { ignored: ["workaround"] }],
    ["Vercel for Prisma", "pgbouncer=true&connect_timeout=15", { isPooled: true, connectWithinSeconds: 15 }],
    ["Prisma", "connection_limit=3&pool_timeout=20", { maxConnections: 3, ignored: ["pool_timeout"] }],
    ["Prisma", "connection_limit=0", { maxConnections: undefined }],
    ["Prisma", "schema=public", { settings: {}, ignored: [] }],
    ["Prisma", "schema=crm", { settings: { search_path: '"crm"' }, ignored: [] }],
    ["Prisma", 'schema=a"b', { settings: { search_path: '"a""b"' } }],
    ["Prisma", "pgbouncer=true&schema=public", { settings: {}, isPooled: true }],
    ["Prisma", "sslaccept=strict", { tls: { when: "required", verifies: "name" } }],
    ["Prisma", "sslmode=require&sslaccept=accept_invalid_certs", { tls: ENCRYPTED, ignored: [] }],
    [
      "RDS",
      `sslmode=verify-full&sslrootcert=${caFile}`,
      { tls: { when: "required", verifies: "name", ca: "an authority" } },
    ],
    [
      "RDS",
      `sslmode=verify-ca&sslrootcert=${caFile}`,
      { tls: { when: "required", verifies: "chain", ca: "an authority" } },
    ],
    [
      "RDS",
      `sslmode=require&sslrootcert=${caFile}`,
      { tls: { when: "required", verifies: "chain", ca: "an authority" } },
    ],
    ["libpq", "sslmode=require&sslrootcert=system", { tls: { when: "required", verifies: "name" } }],
    ["libpq", "sslnegotiation=direct&sslmode=require", { tls: { when: "direct", verifies: "none" } }],
    ["libpq", "sslmode=disable", { tls: PLAIN }],
    ["libpq", "sslmode=allow", { tls: { when: "preferred", verifies: "none" } }],
    ["libpq", "sslmode=prefer", { tls: { when: "preferred", verifies: "none" } }],
    ["libpq", "gssencmode=disable&target_session_attrs=read-write", { ignored: [] }],
    ["libpq", "gssencmode=prefer&keepalives_idle=30&tcp_user_timeout=9", { ignored: [] }],
    ["libpq", "application_name=leads&timezone=UTC", { applicationName: "leads", settings: { timezone: "UTC" } }],
    [
      "libpq",
      "options=-c%20search_path%3Dcrm%20--lock-timeout%3D5s",
      { settings: { search_path: "crm", lock_timeout: "5s" } },
    ],
    ["libpq", "options=-c%20statement_timeout%3D1s", { settings: {}, ignored: ["options: statement_timeout"] }],
    ["libpq", "statement_timeout=1000", { settings: {}, ignored: ["statement_timeout"] }],
    ["a pooler", "pgbouncer=true&timezone=UTC", { settings: {}, ignored: ["timezone"] }],
    ["Railway and Heroku", "ssl=true", { tls: ENCRYPTED }],
    ["Heroku", "sslmode=no-verify", { tls: ENCRYPTED }],
    ["node-postgres", "uselibpqcompat=true&sslmode=require", { tls: ENCRYPTED, ignored: [] }],
    ["nobody", "", { tls: PLAIN, settings: {}, ignored: [] }],
    ["nobody", "frobnicate=1&p4ss%20word=2", { settings: {}, ignored: ["frobnicate", "(unreadable)"] }],
  ])("%s: ?%s", (_, query, expected) => {
    const read = readDatabaseUrl(`postgres://u:p@db.example.com/app?${query}`);
    expect(read).toMatchObject({ url: "postgres://u:p@db.example.com/app", ...expected });
  });

  test.each([
    ["/leads?host=/cloudsql/a:b:c&user=u", { socketFolder: "/cloudsql/a:b:c", url: "postgres://u@localhost/leads" }],
    [
      "/?host=db.example.com&port=5433&dbname=leads",
      { socketFolder: undefined, url: "postgres://db.example.com:5433/leads" },
    ],
    [
      "u:p@%2Fvar%2Frun%2Fpostgresql/leads",
      { socketFolder: "/var/run/postgresql", url: "postgres://u:p@localhost/leads" },
    ],
  ])("a place may stand in them: %s", (rest, expected) => {
    expect(readDatabaseUrl(`postgres://${rest}`)).toMatchObject(expected);
  });
});

test.each([
  ["sslmode=loud", "sslmode"],
  ["sslmode=verify-full&sslrootcert=/nowhere/ca.pem", "sslrootcert that can't be read (ENOENT)"],
  ["gssencmode=require", "GSSAPI"],
  ["target_session_attrs=standby", "primary"],
  ["host=a.example.com,b.example.com", "several hosts"],
  ["sslcert=x&sslkey=y&sslpassword=z", "sslcert that can't be read"],
  ["pgbouncer=true&schema=crm", "alter role"],
  ["pgbouncer=true&options=-c%20search_path%3Dcrm", "alter role"],
])("an address that can't work is named: ?%s", (query, words) => {
  const read = () => readDatabaseUrl(`postgres://u:secret@db.example.com/app?${query}`);
  expect(read).toThrow(DatabaseAddressError);
  expect(read).toThrow(words);
  expect(read).not.toThrow(/secret|nowhere/);
});

describe("a real Postgres takes", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    return () => database.close();
  });

  test.each([
    "sslmode=prefer&channel_binding=require&gssencmode=prefer",
    "supa=base-pooler.x&pgbouncer=true&connection_limit=1&pool_timeout=10",
    "schema=public&connect_timeout=3&target_session_attrs=read-write",
    "options=endpoint%3Dep-cool-1&uselibpqcompat=true&frobnicate=1",
  ])("an address with ?%s", async (query) => {
    const { db, close } = openDatabase(`${database.url}?${query}`);
    try {
      expect(await db.execute(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    } finally {
      await close();
    }
  });

  test("a schema and a name", async () => {
    const { db, close } = openDatabase(`${database.url}?schema=crm&application_name=leads`);
    try {
      const [row] = await db.execute(
        sql`select current_setting('search_path') as path, current_setting('application_name') as name`,
      );
      expect(row).toEqual({ path: '"crm"', name: "leads" });
    } finally {
      await close();
    }
  });

  test("and refuses TLS in words of ours where it has none", async () => {
    const { db, close } = openDatabase(`${database.url}?sslmode=require`);
    try {
      await expect(db.execute(sql`select 1`)).rejects.toMatchObject({ cause: { code: "NO_TLS" } });
    } finally {
      await close();
    }
  });
});
