import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { expect, test } from "@/e2e/fixtures";

const SOME_ID = "0190a000-0000-7000-8000-000000000000";
const ROUTES = [
  "/api/attention",
  "/api/deliveries",
  `/api/deliveries/${SOME_ID}`,
  "/api/deliveries/x",
  "/api/news",
  "/api/overview",
  "/api/output-templates",
  "/api/saved-views",
  "/api/submissions",
  `/api/submissions/${SOME_ID}`,
  `/api/submissions/${SOME_ID}/rows`,
  `/api/submissions/${SOME_ID}/export`,
  "/api/submissions/%00/rows",
  "/api/tasks",
  `/api/tasks/${SOME_ID}`,
  "/api/tasks/%00",
  "/api/tasks/%ED%A0%80",
  "/api/tasks/counts",
  "/api/tasks/export",
  "/api/auth/callback/github",
];
const PARAMETERS = [
  "cursor",
  "limit",
  "ids",
  "from",
  "to",
  "since",
  "q",
  "status",
  "reason",
  "after",
  "format",
  "state",
];
const VALUES = [
  "-1",
  "9".repeat(400),
  "1e999",
  "%00",
  "%ED%A0%80",
  "%",
  "10000-01-01",
  "0000-01-01",
  "9999-12-31T23:59:59-23:59",
  `${SOME_ID}~e`,
  "1764000000000_5:3:",
];

test("no crafted parameter of a route is answered with a 5xx", async ({ request }) => {
  test.slow();
  for (const route of ROUTES) {
    const seen = await Promise.all(
      VALUES.map(async (value) => {
        const query = PARAMETERS.flatMap((name) => [`${name}=${value}`, `${name}[]=${value}`, `${name}=`]).join("&");
        const response = await request.get(`${route}?${query}`, { maxRedirects: 0 });
        return [value.slice(0, 40), response.status()] as const;
      }),
    );
    // Sign-in is not set up on an open dashboard: its callback says so with a 503.
    const faults = seen.filter(([, status]) => status >= 500 && !(status === 503 && route.includes("/auth/")));
    expect(faults, route).toEqual([]);
  }
  const posted = await request.post("/api/tasks/export", {
    data: "not a form",
    headers: { "content-type": "text/plain" },
  });
  expect(posted.status()).toBe(400);
});

test("every page path has a Content-Security-Policy with a nonce, whatever its ending", async ({ request }) => {
  for (const path of [
    "/",
    "/tasks/x.png",
    "/tasks/x.txt",
    "/a.svg",
    "/x.ico",
    "/favicon",
    "/a/b.webmanifest",
    "/nothing",
    "/api",
  ]) {
    const response = await request.get(path, { maxRedirects: 0 });
    const policy = response.headers()["content-security-policy"];
    expect(policy, path).toMatch(/script-src 'self' 'nonce-/);
    expect(policy, path).toContain("frame-ancestors 'none'");
  }
});

test("idle connections are kept for longer than balancers keep theirs", async ({ stack, page }) => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const agent = new Agent({ keepAlive: true });
    httpRequest(`${stack.app.url}/api/health`, { agent }, (response) => {
      response.resume().on("end", () => {
        agent.destroy();
        resolve(response);
      });
    })
      .on("error", reject)
      .end();
  });
  expect(answer.headers["keep-alive"]).toBe("timeout=910");
  await page.goto("/setup");
  await expect(
    page.getByText("They are kept for 910 seconds, longer than common balancers keep theirs."),
  ).toBeVisible();
});

test("the image optimizer is off", async ({ request }) => {
  const response = await request.get("/_next/image?url=%2Ficon.svg&w=64&q=75");
  expect([400, 404]).toContain(response.status());
});

/** The browser's own client sets the Host header by the address; Node's sets what it is told. */
function statusFor(url: string, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url + path, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });
}

test("an open dashboard answers to this machine's own names alone", async ({ stack }) => {
  const baseURL = stack.app.url;
  const { port } = new URL(baseURL);
  for (const path of ["/", "/settings", "/api/tasks", "/api/tasks/export?format=csv", "/nothing.png"]) {
    for (const host of ["evil.example", `evil.example:${port}`, "localhost.evil.example", "192.168.1.2"]) {
      expect(await statusFor(baseURL, path, host), `${host}${path}`).toBe(403);
    }
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    expect(await statusFor(baseURL, "/api/tasks", host), host).toBe(200);
  }
  // Health checks and webhooks come by any name.
  expect(await statusFor(baseURL, "/api/health", "evil.example")).toBe(200);
});
