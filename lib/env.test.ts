import { describe, expect, test } from "vitest";
import { parseEnv, parseVariables } from "@/lib/env";
import { ConfigError } from "@/lib/errors";

const complete = {
  DATABASE_URL: "postgres://u:secret@db/app",
  SIXTYFOUR_API_KEY: "key",
} as unknown as NodeJS.ProcessEnv;

describe("parseEnv", () => {
  test("names every variable that is missing", () => {
    expect(() => parseEnv({} as NodeJS.ProcessEnv)).toThrow("DATABASE_URL and SIXTYFOUR_API_KEY are not set.");
    expect(() => parseEnv({ ...complete, SIXTYFOUR_API_KEY: "" })).toThrow("SIXTYFOUR_API_KEY is not set.");
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

  test("takes several signing secrets", () => {
    expect(parseEnv({ ...complete, SIXTYFOUR_WEBHOOK_SECRET: "sk_whsec_a, sk_whsec_b," }).webhook.secrets).toEqual([
      "sk_whsec_a",
      "sk_whsec_b",
    ]);
    expect(parseEnv(complete).webhook.secrets).toEqual([]);
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
