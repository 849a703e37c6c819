import { describe, expect, test } from "vitest";
import { parseEnv, parseVariables } from "@/lib/env";
import { ConfigError } from "@/lib/errors";

const complete = {
  DATABASE_URL: "postgres://u:secret@db/app",
  SIXTYFOUR_API_KEY: "key",
} as unknown as NodeJS.ProcessEnv;

test.each<[NodeJS.ProcessEnv | object, number]>([
  [{}, 0],
  [{ APP_URL: "http://leads.example.com" }, 0],
  [{ APP_URL: "https://leads.example.com" }, 1],
  [{ VERCEL: "1", VERCEL_ENV: "production" }, 1],
  [{ VERCEL: "1", VERCEL_ENV: "development" }, 0],
  [{ APP_URL: "https://leads.example.com", TRUSTED_PROXIES: "0" }, 0],
  [{ TRUSTED_PROXIES: "2" }, 2],
])("with %j there are %i trusted proxies", (given, trustedProxies) => {
  expect(parseEnv({ ...complete, ...given }).trustedProxies).toBe(trustedProxies);
});

describe("parseEnv", () => {
  test("names every variable that is missing", () => {
    expect(() => parseEnv({} as NodeJS.ProcessEnv)).toThrow("DATABASE_URL and SIXTYFOUR_API_KEY are not set.");
    expect(() => parseEnv({ ...complete, SIXTYFOUR_API_KEY: "" })).toThrow("SIXTYFOUR_API_KEY is not set.");
  });

  test.each([
    ["DATABASE_URL", "prisma+postgres://accelerate.example/?api_key=k", "Prisma Accelerate"],
    ["DATABASE_URL", "postgres://u:secret@db/app?sslmode=loud", "DATABASE_URL has an sslmode that nobody knows."],
    ["DATABASE_URL", "postgres://u:secret@db:6543/app?schema=crm", "DATABASE_URL asks for a schema"],
    ["DATABASE_URL_UNPOOLED", "postgres://u:secret@db/app?gssencmode=require", "DATABASE_URL_UNPOOLED asks for GSSAPI"],
  ])("a database's address that can't work is named: %s=%s", (name, url, words) => {
    expect(() => parseEnv({ ...complete, [name]: url })).toThrow(words);
    expect(() => parseEnv({ ...complete, [name]: url })).not.toThrow("secret");
  });

  test("talks to the real API by default", () => {
    expect(parseEnv(complete).sixtyfour).toEqual({
      apiKey: "key",
      apiUrl: "https://api.sixtyfour.ai",
      isSandbox: false,
    });
  });

  test("takes an API on this machine for a sandbox", () => {
    for (const host of ["localhost:6464", "127.0.0.1:6464", "[::1]:6464"]) {
      expect(parseEnv({ ...complete, SIXTYFOUR_API_URL: `http://${host}` }).sixtyfour.isSandbox).toBe(true);
    }
  });

  test.each([
    [{}, { url: null, missing: "app_url_unset" }],
    [{ APP_URL: "http://leads.example.com" }, { url: null, missing: "app_url_not_https" }],
    [{ APP_URL: "https://leads.example.com" }, { url: "https://leads.example.com/api/webhooks/sixtyfour" }],
    [{ APP_URL: "https://leads.example.com/" }, { url: "https://leads.example.com/api/webhooks/sixtyfour" }],
    [
      { SIXTYFOUR_API_URL: "http://127.0.0.1:6464", PORT: "4000" },
      { url: "http://localhost:4000/api/webhooks/sixtyfour" },
    ],
    [
      { SIXTYFOUR_API_URL: "http://127.0.0.1:6464", APP_URL: "http://localhost:5000" },
      { url: "http://localhost:5000/api/webhooks/sixtyfour" },
    ],
  ])("with %j the webhook target is %j", (given, target) => {
    expect(parseEnv({ ...complete, ...given }).webhook.target).toEqual(target);
  });

  const vercel = {
    VERCEL: "1",
    VERCEL_URL: "leads-4f2a.vercel.app",
    VERCEL_BRANCH_URL: "leads-git-mend.vercel.app",
    VERCEL_PROJECT_PRODUCTION_URL: "leads.example.com",
    VERCEL_AUTOMATION_BYPASS_SECRET: "let-me-in",
  };
  const onProduction = { ...vercel, VERCEL_ENV: "production" };
  const onPreview = { ...vercel, VERCEL_ENV: "preview" };
  const itself = { url: "https://leads-git-mend.vercel.app/api/webhooks/sixtyfour", protectionBypass: "let-me-in" };
  test.each([
    [
      "production falls back to its domain",
      onProduction,
      { ...itself, url: "https://leads.example.com/api/webhooks/sixtyfour" },
    ],
    [
      "production takes the address that it is given",
      { ...onProduction, APP_URL: "https://other.example.com" },
      { ...itself, url: "https://other.example.com/api/webhooks/sixtyfour" },
    ],
    ["a preview is called at its branch", onPreview, itself],
    ["a preview is not called at production's address", { ...onPreview, APP_URL: "https://leads.example.com" }, itself],
    ["nor at another domain of production's", { ...onPreview, APP_URL: "https://www.example.com" }, itself],
    [
      "a preview without a branch is called at its deployment",
      { ...onPreview, VERCEL_BRANCH_URL: "", VERCEL_AUTOMATION_BYPASS_SECRET: "" },
      { url: "https://leads-4f2a.vercel.app/api/webhooks/sixtyfour" },
    ],
    [
      "a preview without an address of its own is not called at all",
      { ...onPreview, VERCEL_URL: "", VERCEL_BRANCH_URL: "", APP_URL: "https://leads.example.com" },
      { url: null, missing: "app_url_unset" },
    ],
    [
      "a developer's machine is not called in place of production",
      { ...vercel, VERCEL_ENV: "development" },
      {
        url: null,
        missing: "app_url_unset",
      },
    ],
  ])("on Vercel, %s", (_, given, target) => {
    expect(parseEnv({ ...complete, ...given }).webhook.target).toEqual(target);
  });

  test("relies on timers on a developer's machine, also with the variables that `vercel env pull` brings", () => {
    expect(parseEnv({ ...complete, ...onProduction }).isServerless).toBe(true);
    expect(parseEnv({ ...complete, ...vercel, VERCEL_ENV: "development" }).isServerless).toBe(false);
    expect(parseEnv(complete).isServerless).toBe(false);
  });

  test("leaves it to the address whether a pooler stands before the database, unless told", () => {
    expect(parseEnv(complete).database).toEqual({
      isPooled: undefined,
      keepsStatements: undefined,
      maxConnections: undefined,
    });
    const told = { DATABASE_POOLED: "false", DATABASE_PREPARED: "true", DATABASE_MAX_CONNECTIONS: "4" };
    expect(parseEnv({ ...complete, ...told }).database).toEqual({
      isPooled: false,
      keepsStatements: true,
      maxConnections: 4,
    });
  });

  test("takes several signing secrets", () => {
    expect(parseEnv({ ...complete, SIXTYFOUR_WEBHOOK_SECRET: "sk_whsec_a, sk_whsec_b," }).webhook.secrets).toEqual([
      "sk_whsec_a",
      "sk_whsec_b",
    ]);
    expect(parseEnv(complete).webhook.secrets).toEqual([]);
  });

  test("deletes deliveries after 90 days and rejected ones after 7, unless told otherwise", () => {
    const retention = (given: object) => {
      const { retentionInDays, rejectedRetentionInDays } = parseEnv({ ...complete, ...given });
      return [retentionInDays, rejectedRetentionInDays];
    };
    expect(retention({})).toEqual([90, 7]);
    expect(retention({ RETENTION_DAYS: "30", REJECTED_RETENTION_DAYS: "1" })).toEqual([30, 1]);
    expect(retention({ RETENTION_DAYS: "forever", REJECTED_RETENTION_DAYS: "forever" })).toEqual([null, null]);
    for (const bad of ["0", "-1", "36501", "never"]) {
      expect(() => retention({ RETENTION_DAYS: bad })).toThrow("RETENTION_DAYS must be");
    }
  });

  test("holds bodies of 64 MB, and always two of the longest", () => {
    const memory = (given: object) => parseEnv({ ...complete, ...given }).webhook.memoryBytes;
    expect(memory({})).toBe(64_000_000);
    expect(memory({ WEBHOOK_MAX_BYTES: "50000000" })).toBe(100_000_000);
    expect(memory({ WEBHOOK_MEMORY_BYTES: "20000000" })).toBe(20_000_000);
    expect(() => memory({ WEBHOOK_MEMORY_BYTES: "19999999" })).toThrow("at least twice WEBHOOK_MAX_BYTES");
  });

  test("is traced where a collector is named, by either variable", () => {
    expect(parseEnv(complete).isTraced).toBe(false);
    for (const name of ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]) {
      expect(parseEnv({ ...complete, [name]: "http://localhost:4318" }).isTraced).toBe(true);
    }
  });

  test("refuses a secret that is only commas, which would leave the door unguarded", () => {
    expect(() => parseEnv({ ...complete, SIXTYFOUR_WEBHOOK_SECRET: "," })).toThrow(/^SIXTYFOUR_WEBHOOK_SECRET /);
  });
});

describe("parseVariables", () => {
  test.each([
    ["DATABASE_URL", "mysql://db"],
    ["SIXTYFOUR_API_URL", "api.sixtyfour.ai"],
    ["APP_URL", "https://leads.example.com/dashboard"],
    ["APP_URL", "leads.example.com"],
    ["DATABASE_URL_UNPOOLED", "mysql://db"],
    ["DATABASE_POOLED", "yes"],
    ["CRON_SECRET", "short"],
    ["METRICS_TOKEN", "short"],
    ["ALERT_SLACK_URL", "hooks.slack.com/services/secret"],
    ["ALERT_WEBHOOK_URL", "ftp://alerts.example.com/secret"],
    ["LOG_LEVEL", "loud"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost"],
    ["PORT", "0"],
    ["PORT", "http"],
  ])("names %s where it is %j, and doesn't repeat the value", (name, value) => {
    const parse = () => parseVariables({ [name]: value } as unknown as NodeJS.ProcessEnv);
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(new RegExp(`^${name} `));
    if (/^(DATABASE|ALERT)_/.test(name)) expect(parse).not.toThrow(new RegExp(value));
  });
});
