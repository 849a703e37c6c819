import { expect, test } from "vitest";
import { parseEnv } from "@/lib/env";
import {
  insecureOriginProblem,
  originForProviders,
  requestWay,
  rewrittenHost,
  rewrittenHostSentence,
} from "@/lib/request-origin";

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

const GITHUB = { GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" };

test.each([
  ["127.0.0.1:3000", "http://localhost:3000"],
  ["[::1]:3000", "http://localhost:3000"],
  ["localhost:3000", null],
  // The port is another where a container's port is published under another number.
  ["127.0.0.1:8080", null],
  ["leads.lan:3000", null],
  ["<script>", null],
])("with a provider, sign-in at %s continues at %s", (host, origin) => {
  expect(originForProviders(environment(GITHUB).access, new Headers({ host }))).toBe(origin);
});

test("sign-in stays where it is without providers, and at a public address", () => {
  const headers = new Headers({ host: "127.0.0.1:3000" });
  expect(originForProviders(environment({}).access, headers)).toBeNull();
  expect(
    originForProviders(environment({ ...GITHUB, APP_URL: "https://leads.example.com" }).access, headers),
  ).toBeNull();
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
