import { expect, test } from "vitest";
import { parseEnv } from "@/lib/env";
import { insecureOriginProblem, requestWay, rewrittenHost, rewrittenHostSentence } from "@/lib/request-origin";

const environment = (more: Record<string, string>) =>
  parseEnv({
    DATABASE_URL: "postgres://db/app",
    SIXTYFOUR_API_KEY: "key",
    AUTH_SECRET: "a secret of at least 32 characters",
    ADMIN_EMAIL: "ada@example.com",
    NODE_ENV: "production",
    ...more,
  });

test.each([
  ["http://leads.lan:3000", "You opened this page over http, at leads.lan:3000."],
  ["http://192.168.1.7", "at 192.168.1.7."],
  ["https://leads.example.com", null],
  ["http://localhost:3000", null],
  ["http://127.0.0.1:3000", null],
  ["null", null],
  [null, null],
])("sign-in from %s: %s", (origin, words) => {
  const { access } = environment({ APP_URL: "https://leads.example.com" });
  const problem = insecureOriginProblem(access, new Headers(origin ? { origin } : {}));
  if (words === null) expect(problem).toBeNull();
  else expect(problem).toContain(words);
  if (problem) expect(problem).toContain("Open https://leads.example.com");
});

test("the development server takes cookies over http, so nothing is in the way", () => {
  const { access } = environment({ NODE_ENV: "development" });
  expect(insecureOriginProblem(access, new Headers({ origin: "http://leads.lan:3000" }))).toBeNull();
});

test.each([
  [{ origin: "https://leads.example.com", host: "leads.example.com" }, null],
  [{ origin: "https://leads.example.com", host: "app:3000", "x-forwarded-host": "leads.example.com, app" }, null],
  [{ host: "app:3000" }, null],
  [{ origin: "null", host: "app:3000" }, null],
  [
    { origin: "https://leads.example.com", host: "app:3000" },
    { named: "leads.example.com", seen: "app:3000" },
  ],
  [
    { origin: "https://a.example", host: "<script>" },
    { named: "a.example", seen: "(unreadable)" },
  ],
])("a form with %j has the host rewritten: %j", (headers, rewritten) => {
  expect(rewrittenHost(new Headers(headers as Record<string, string>))).toEqual(rewritten);
  if (rewritten) expect(rewrittenHostSentence(rewritten)).toContain("X-Forwarded-Host");
});

test("the way of a request is told, and another site's page is none that it came from", () => {
  const env = environment({ APP_URL: "https://leads.example.com" });
  const headers = { host: "app:3000", referer: "https://leads.example.com/setup", "x-forwarded-proto": "https" };
  expect(requestWay(new Headers({ ...headers, "sec-fetch-site": "same-origin" }), env)).toEqual({
    appUrl: "https://leads.example.com",
    host: "app:3000",
    refererHost: "leads.example.com",
    isHttps: true,
    isLoopback: false,
    keepAliveSeconds: 910,
  });
  expect(requestWay(new Headers({ ...headers, "sec-fetch-site": "cross-site" }), env).refererHost).toBeNull();
});
