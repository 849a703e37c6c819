import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { APIRequestContext, Page } from "@playwright/test";
import postgres from "postgres";
import { test as base, expect } from "@/e2e/fixtures";
import { hydrated } from "@/e2e/hydrated";
import { inspect } from "@/e2e/inspect-page";
import { ADMIN, SIGN_IN_VARIABLES, signIn } from "@/e2e/sign-in";
import type { App } from "@/scripts/local/app-process";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const SECRETS = {
  AUTH_SECRET: SIGN_IN_VARIABLES.AUTH_SECRET,
  ADMIN_PASSWORD: ADMIN.password,
  CRON_SECRET: "cron-secret-that-must-stand-nowhere",
  GITHUB_CLIENT_SECRET: "github-secret-that-must-stand-nowhere",
  SIXTYFOUR_API_KEY: "sandbox-key-that-must-stand-nowhere",
};
const SOME_ID = "0190a000-0000-7000-8000-000000000000";

/** The build's own list of what can be asked for, so that a new route or action can't be forgotten here. */
const manifest = (file: string) => JSON.parse(readFileSync(path.join(PROJECT_DIR, ".next/server", file), "utf8"));
const paths = (suffix: string) =>
  Object.keys(manifest("app-paths-manifest.json") as Record<string, string>)
    .filter((entry) => entry.endsWith(suffix) && !entry.startsWith("/_"))
    .map((entry) => entry.slice(0, -suffix.length).replace(/\[\w+\]/g, SOME_ID) || "/");
const ROUTES = paths("/route");
const PAGES = paths("/page");
const ACTIONS = Object.entries(
  (manifest("server-reference-manifest.json") as { node: Record<string, Action> }).node,
).map(([id, action]) => ({ ...action, id }));
interface Action {
  filename: string;
  exportedName: string;
  workers: Record<string, unknown>;
}

/** What is for people who are not signed in; everything else is not. */
const OPEN_ROUTES = ["/api/webhooks/sixtyfour", "/api/health", "/api/health/ready", `/api/auth/callback/${SOME_ID}`];
/** The content types of the files in public/, by extension. */
const CONTENT_TYPES: Record<string, RegExp> = {
  ".ico": /^image\/(x-icon|vnd\.microsoft\.icon)$/,
  ".png": /^image\/png$/,
  ".svg": /^image\/svg\+xml$/,
  ".txt": /^text\/plain; charset=utf-8$/i,
  ".webmanifest": /^application\/manifest\+json/,
};
/** They have secrets of their own, which is for their own tests. */
const SECRET_ROUTES = ["/api/cron/reconcile", "/api/metrics"];
const OPEN_PAGES = ["/sign-in", `/invitations/${SOME_ID}`];
const OPEN_ACTIONS = ["signInWithPassword", "signInWithProvider", "endSession", "accept"];
const ADMIN_FOLDERS = /^app\/(setup|settings\/(users|api-tokens|retention|audit))\//;

const test = base.extend<object, { guarded: App }>({
  guarded: [
    async ({ stack }, use) => {
      const app = await stack.startAppWith({
        ...SIGN_IN_VARIABLES,
        ...SECRETS,
        GITHUB_CLIENT_ID: "a-client-id",
        ALLOWED_EMAIL_DOMAINS: "example.com",
      });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ guarded }, use) => use(guarded.url),
});

/** Invites somebody in one browser, and accepts in another. */
async function addMember(page: Page, memberPage: Page, email: string): Promise<{ email: string; password: string }> {
  await page.goto("/sign-in?next=/settings/users");
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Users", level: 1 })).toBeVisible();
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("status").getByText("/invitations/").textContent();
  await memberPage.goto(link ?? "");
  await memberPage.getByLabel("Your name").fill("Grace");
  await memberPage.getByLabel("Password", { exact: true }).fill("words of a member");
  await memberPage.getByRole("button", { name: "Go to the dashboard" }).click();
  await expect(memberPage.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  return { email, password: "words of a member" };
}

/** Calls a server action as its page would, with a form's previous state and an empty form. */
async function callAction(request: APIRequestContext, app: App, { id, workers }: (typeof ACTIONS)[number]) {
  const worker = Object.keys(workers).find((name) => name !== "app/_not-found/page") ?? "";
  const where =
    worker
      .replace(/^app/, "")
      .replace(/\/page$/, "")
      .replace(/\[\w+\]/g, SOME_ID) || "/";
  return request.post(app.url + where, {
    headers: { "next-action": id, origin: app.url, accept: "text/x-component" },
    multipart: { "0": '[{"attempt":0},"$K1"]' },
    maxRedirects: 0,
  });
}

test("without a session every route, page and action is refused, by name", async ({ request, guarded }) => {
  expect(ROUTES.length).toBeGreaterThan(15);
  expect(PAGES.length).toBeGreaterThan(10);
  expect(ACTIONS.length).toBeGreaterThan(25);
  for (const route of ROUTES.filter((one) => ![...OPEN_ROUTES, ...SECRET_ROUTES].includes(one))) {
    for (const method of ["GET", "POST"] as const) {
      const response = await request.fetch(guarded.url + route, { method, maxRedirects: 0 });
      expect([401, 405], `${method} ${route}`).toContain(response.status());
    }
    const forged = await request.get(guarded.url + route, {
      headers: { cookie: `__Secure-sixtyfour.session_token=${SOME_ID}.${"x".repeat(44)}` },
    });
    expect(forged.status(), route).toBe(401);
  }
  for (const route of SECRET_ROUTES) expect((await request.get(guarded.url + route)).status(), route).toBe(401);
  for (const one of PAGES.filter((page) => !OPEN_PAGES.includes(page))) {
    const response = await request.get(guarded.url + one, { maxRedirects: 0 });
    expect(response.status(), one).toBe(307);
    const to = one === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(one)}`;
    expect(response.headers().location, one).toBe(to);
  }
  for (const action of ACTIONS.filter(({ exportedName }) => !OPEN_ACTIONS.includes(exportedName))) {
    const response = await callAction(request, guarded, action);
    expect(await response.text(), action.exportedName).toContain("You are signed out.");
  }
});

test("the files of public/ are served without a session, and a name beside them is a page like any other", async ({
  request,
  guarded,
}) => {
  const entries = readdirSync(path.join(PROJECT_DIR, "public"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const urls = files.map((file) => path.relative(path.join(PROJECT_DIR, "public"), file).split(path.sep).join("/"));
  expect(urls.length).toBeGreaterThan(8);
  for (const url of urls) {
    const response = await request.get(`${guarded.url}/${url}`, { maxRedirects: 0 });
    expect(response.status(), url).toBe(200);
    expect(response.headers()["content-type"], url).toMatch(CONTENT_TYPES[path.extname(url)] ?? /^$/);
    expect(response.headers()["x-content-type-options"], url).toBe("nosniff");
    // Files at the top of public/ are named in the matcher of proxy.ts, which skips them.
    expect(response.headers()["content-security-policy"] === undefined, url).toBe(!url.includes("/"));
    const beside = await request.get(`${guarded.url}/${url}x`, { maxRedirects: 0 });
    expect(beside.status(), `${url}x`).toBe(404);
    expect(beside.headers()["content-security-policy"], `${url}x`).toMatch(/script-src 'self' 'nonce-/);
  }
});

test("browsers find the icons and the web manifest, and crawlers are asked to stay away", async ({
  page,
  request,
  guarded,
}) => {
  const robots = await (await request.get(`${guarded.url}/robots.txt`)).text();
  expect(robots.split("\n").filter((line) => line && !line.startsWith("#"))).toEqual(["User-agent: *", "Disallow: /"]);
  await page.goto("/sign-in");
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", "noindex, nofollow");
  for (const url of ["/sign-in", "/api/health", "/icon.svg", "/pictures/dashboard.png"]) {
    expect((await request.get(guarded.url + url)).headers()["x-robots-tag"], url).toBe("noindex, nofollow");
  }

  // The browser reads the manifest itself, so its own words for what is wrong with it count, and the page's policy holds.
  const browser = await page.context().newCDPSession(page);
  const read = await browser.send("Page.getAppManifest");
  expect(read.url).toBe(`${guarded.url}/manifest.webmanifest`);
  expect(read.errors).toEqual([]);
  const { icons, ...manifest } = JSON.parse(read.data ?? "") as { icons: { src: string; sizes: string }[] };
  expect(manifest).toMatchObject({ name: "Sixtyfour dashboard", start_url: "/", display: "standalone" });
  const links = await page
    .locator('link[rel~="icon"], link[rel="apple-touch-icon"]')
    .evaluateAll((all) => all.map((link) => ({ src: link.getAttribute("href"), sizes: link.getAttribute("sizes") })));
  expect(links.map(({ src }) => src)).toEqual(["/favicon.ico", "/icon.svg", "/apple-touch-icon.png"]);
  for (const { src, sizes } of [...icons, ...links]) {
    const drawn = await page.evaluate(async (url) => {
      const picture = Object.assign(new Image(), { src: url });
      await picture.decode();
      return `${picture.naturalWidth}x${picture.naturalHeight}`;
    }, src ?? "");
    if (sizes !== "any") expect(drawn, src ?? "").toBe(sizes);
  }
});

test("an admin invites a member, who sees tasks and may do nothing that is for admins", async ({
  page,
  browser,
  guarded,
}) => {
  const context = await browser.newContext({ baseURL: guarded.url });
  const memberPage = await context.newPage();
  const member = await addMember(page, memberPage, "grace@example.com");

  for (const one of ["/settings/users", "/settings/api-tokens", "/settings/retention", "/settings/audit", "/setup"]) {
    const response = await context.request.get(one);
    expect(response.status(), one).toBe(403);
    expect(await response.text(), one).toContain("Ask an admin");
  }
  const adminActions = ACTIONS.filter(({ filename }) => ADMIN_FOLDERS.test(filename));
  expect(adminActions.length).toBeGreaterThan(5);
  for (const action of adminActions) {
    const response = await callAction(context.request, guarded, action);
    expect(await response.text(), action.exportedName).toContain("Only admins can do this. Ask an admin.");
  }
  await memberPage.getByRole("link", { name: "Settings" }).click();
  await expect(memberPage.getByText(`${member.email}, member`)).toBeVisible();
  await expect(memberPage.getByRole("navigation", { name: "Settings" }).getByRole("link")).toHaveText(["Account"]);

  await page.goto("/settings/audit?action=user.accept");
  const log = page.getByRole("table", { name: /Audit log/ });
  await expect(log).toContainText("grace@example.com");
  await page.goto("/settings/users");
  await page.getByLabel("Change grace@example.com").click();
  const row = page.getByRole("row").filter({ hasText: "grace@example.com" });
  await row.getByLabel("I mean it").check();
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(row).toHaveCount(0);
  // What is open in the member's tab says so with its next question, and leads to signing in.
  await memberPage.goto("/settings/account");
  await expect(memberPage.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByRole("button", { name: "Allow grace@example.com again" }).click();
  await expect(page.getByRole("heading", { name: "Removed users" })).toHaveCount(0);
  await context.close();
});

test("a removed user's event stream ends at once", async ({ page, browser, guarded }) => {
  const context = await browser.newContext({ baseURL: guarded.url });
  const memberPage = await context.newPage();
  await addMember(page, memberPage, "stream@example.com");
  await memberPage.evaluate(() => {
    const read = async () => {
      const response = await fetch("/api/news/stream");
      const reader = response.body?.getReader();
      for (let isOver = false; !isOver; ) isOver = (await reader?.read())?.done ?? true;
      document.title = "The stream is over";
    };
    void read();
  });
  await page.goto("/settings/users");
  await page.getByLabel("Change stream@example.com").click();
  const row = page.getByRole("row").filter({ hasText: "stream@example.com" });
  await row.getByLabel("I mean it").check();
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(memberPage).toHaveTitle("The stream is over");
  await context.close();
});

test("a token does what its scopes say, and nothing once its owner is removed", async ({ page, browser, guarded }) => {
  const context = await browser.newContext({ baseURL: guarded.url });
  const adminPage = await context.newPage();
  await addMember(page, adminPage, "owner@example.com");
  await page.goto("/settings/users");
  await page.getByLabel("Change owner@example.com").click();
  const row = page.getByRole("row").filter({ hasText: "owner@example.com" });
  await row.getByRole("button", { name: "Make an admin" }).click();
  await expect(row.getByText("Admin", { exact: true })).toBeVisible();

  await adminPage.goto("/settings/api-tokens");
  await adminPage.getByLabel("What it is for").fill("Reports");
  await adminPage.getByLabel("Submit leads").uncheck();
  await adminPage.getByLabel("Expires").selectOption({ label: "In 30 days" });
  await adminPage.getByRole("button", { name: "Make a token" }).click();
  const token = await adminPage
    .getByRole("status")
    .getByText(/^s64d_/)
    .textContent();
  const headers = { authorization: `Bearer ${token}` };
  const fresh = await browser.newContext({ baseURL: guarded.url });
  expect((await fresh.request.get("/api/tasks", { headers })).status()).toBe(200);
  const refused = await fresh.request.post("/api/submissions", { headers, data: {} });
  expect([refused.status(), (await refused.json()).code]).toEqual([403, "forbidden"]);
  await expect(adminPage.getByRole("row").filter({ hasText: "Reports" })).toContainText("read, by owner@example.com");

  await page.goto("/settings/users");
  await page.getByLabel("Change owner@example.com").click();
  await row.getByLabel("I mean it").check();
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(row).toHaveCount(0);
  expect((await fresh.request.get("/api/tasks", { headers })).status()).toBe(401);
  await context.close();
  await fresh.close();
});

test("who signs out everywhere else stays signed in here, and is told of how many places that was", async ({
  page,
  browser,
  guarded,
}) => {
  const [here, there] = await Promise.all([1, 2].map(() => browser.newContext({ baseURL: guarded.url })));
  if (!here || !there) throw new Error("There are no two browsers.");
  const [pageHere, pageThere] = [await here.newPage(), await there.newPage()];
  const member = await addMember(page, pageHere, "hedy@example.com");
  await pageThere.goto("/sign-in");
  await signIn(pageThere, member);
  await expect(pageThere.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();

  await pageHere.goto("/settings/account");
  const button = pageHere.getByRole("button", { name: "Sign out everywhere else" });
  await button.click();
  await expect(pageHere.getByRole("status").filter({ hasText: "Signed out in 1 other place." })).toBeVisible();
  await pageThere.goto("/settings/account");
  await expect(pageThere.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await button.click();
  await expect(pageHere.getByRole("status").filter({ hasText: "You were signed in nowhere else." })).toBeVisible();
  await Promise.all([here.close(), there.close()]);
});

test("who submits without a session is told, and keeps what was typed", async ({
  page,
  context,
  guarded,
  leadName,
}) => {
  await page.goto(`${guarded.url}/submissions/new?kind=find_email`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await signIn(page);
  await expect(page).toHaveURL(/\/submissions\/new\?kind=find_email$/);
  await context.clearCookies();
  await page.getByLabel("Name", { exact: true }).fill(leadName);
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "You are signed out." })).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(leadName);
});

test("a list whose session has ended hears no more news, says so, and leads back after signing in", async ({
  page,
  request,
  stack,
  guarded,
}) => {
  await page.goto(`${guarded.url}/?q=nobody`);
  const streamed = page.waitForResponse((response) => response.url().includes("/api/news/stream"));
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  expect((await streamed).status()).toBe(200);
  const sql = postgres(stack.databaseUrl, { max: 1 });
  await sql`delete from sessions`;
  await sql.end();
  const alert = page.getByRole("alert").filter({ hasText: "You are signed out." });
  await expect(async () => {
    // Anybody's knock is news, and with news it is looked whether they may still be told.
    await request.post(`${guarded.url}/api/webhooks/sixtyfour`, { data: "{}" });
    await expect(alert.first()).toBeVisible({ timeout: 500 });
  }).toPass();
  await alert.first().getByRole("button", { name: "Sign in" }).click();
  await signIn(page);
  await expect(page).toHaveURL(/\?q=nobody$/);
  await expect(page.getByText("No task fits")).toBeVisible();
});

test("after signing in nobody is sent to another site", async ({ page, guarded }) => {
  await page.goto(`${guarded.url}/sign-in?next=//evil.example/x`);
  await signIn(page);
  await expect(page).toHaveURL(`${guarded.url}/`);
});

test("guessing is ended after a few attempts, and says for how long", async ({ page, guarded }) => {
  await page.goto(`${guarded.url}/sign-in`);
  for (let attempt = 0; attempt < 8; attempt++) {
    await signIn(page, { email: "mallory@example.com", password: `guess ${attempt}` });
    await expect(page.getByRole("alert").filter({ hasText: "Email or password is wrong." })).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  }
  await signIn(page, { email: "mallory@example.com", password: "guess" });
  await expect(
    page.getByRole("alert").filter({ hasText: /too many attempts\. Try again in \d+ minutes/ }),
  ).toBeVisible();
});

test("a sign-in that a proxy's rewritten Host has refused says so beside the button", async ({ page, guarded }) => {
  await page.goto(`${guarded.url}/sign-in`);
  await hydrated(page);
  await page.route("**/sign-in", (route) => {
    const headers = { ...route.request().headers(), "x-forwarded-host": "app.internal" };
    return route.continue({ headers });
  });
  await signIn(page);
  const alert = page.getByRole("alert").filter({ hasText: "The server refused the request" });
  await expect(alert).toContainText(
    "the app was asked for app.internal, so nothing was done. A proxy in front of the app rewrites the Host header",
  );
  await expect(page.getByLabel("Email")).toHaveValue(ADMIN.email);
});

test("an answer that says what is wrong leaves the form as it was filled in", async ({ page, guarded }) => {
  await page.goto(`${guarded.url}/sign-in?next=/settings/api-tokens`);
  await signIn(page);
  await page.getByLabel("What it is for").fill("CRM import");
  await page.getByLabel("Expires").selectOption("90");
  await page.getByLabel("Read leads and results").uncheck();
  await page.getByLabel("Submit leads, which is charged").uncheck();
  await page.getByRole("button", { name: "Make a token" }).click();
  await expect(page.getByText("Choose at least one thing that the token may do.")).toBeVisible();
  await expect(page.getByLabel("What it is for")).toHaveValue("CRM import");
  await expect(page.getByLabel("Expires")).toHaveValue("90");
  await expect(page.getByLabel("Submit leads, which is charged")).not.toBeChecked();
  await page.getByLabel("Read leads and results").check();
  await page.getByRole("button", { name: "Make a token" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The token for CRM import" })).toBeVisible();
  await expect(page.getByLabel("What it is for")).toHaveValue("");
  await expect(page.getByLabel("Expires")).toHaveValue("");
});

test("signing out leaves nothing in the tab of what was typed", async ({ page, guarded }) => {
  await page.goto(`${guarded.url}/sign-in?next=/settings/account`);
  await signIn(page);
  await hydrated(page);
  await page.evaluate(() => sessionStorage.setItem("entries /submissions/new Find email", "[]"));
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("an invitation that is opened over http is not used up before the person has heard that it can't work", async ({
  page,
  browser,
  guarded,
}) => {
  await page.goto(`${guarded.url}/sign-in?next=/settings/users`);
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Users", level: 1 })).toBeVisible();
  await page.getByLabel("Email").fill("http@example.com");
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("status").getByText("/invitations/").textContent();
  const context = await browser.newContext();
  const guest = await context.newPage();
  await guest.goto(link ?? "");
  await hydrated(guest);
  await guest.getByLabel("Your name").fill("Grace");
  await guest.getByLabel("Password", { exact: true }).fill("words of a member");
  await guest.route("**/invitations/*", async (route) => {
    const headers = { ...route.request().headers(), origin: "http://leads.lan", "x-forwarded-host": "leads.lan" };
    await route.fulfill({ response: await route.fetch({ headers }) });
  });
  await guest.getByRole("button", { name: "Go to the dashboard" }).click();
  await expect(guest.getByRole("alert").filter({ hasText: "Sign-in needs https" })).toBeVisible();
  await guest.unroute("**/invitations/*");
  await guest.getByRole("button", { name: "Go to the dashboard" }).click();
  await expect(guest.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  await context.close();
});

test("signing in by a provider goes there with a state of ours, and comes back to us alone", async ({
  request,
  guarded,
}) => {
  const action = ACTIONS.find(({ exportedName }) => exportedName === "signInWithProvider");
  const page = await request.get(`${guarded.url}/sign-in`);
  expect(await page.text()).toContain("Continue with GitHub");
  expect(action).toBeDefined();
  const back = await request.get(`${guarded.url}/api/auth/callback/github?code=x&state=forged`, { maxRedirects: 0 });
  expect(back.status()).toBe(302);
  expect(back.headers().location).toMatch(/\/sign-in\?error=/);
});

test("each answer has the headers that keep a browser safe, and holds no secret", async ({
  page,
  request,
  guarded,
}) => {
  const policies = new Set<string>();
  const bodies: string[] = [];
  page.on("response", async (response) => {
    if (response.url().startsWith(guarded.url)) bodies.push(await response.text().catch(() => ""));
  });
  await page.goto(`${guarded.url}/sign-in?next=/settings/account`);
  await signIn(page);
  await expect(page.getByText(`${ADMIN.email}, admin`)).toBeVisible();
  for (const one of [
    "/",
    "/deliveries",
    "/settings/api-tokens",
    "/api/tasks",
    "/api/health",
    "/nowhere",
    "/api/auth/x",
  ]) {
    const response = await page.request.get(guarded.url + one);
    const headers = response.headers();
    expect(headers["strict-transport-security"], one).toMatch(/max-age=\d{8}/);
    expect(headers["x-content-type-options"], one).toBe("nosniff");
    expect(headers["referrer-policy"], one).toBe("same-origin");
    expect(headers["permissions-policy"], one).toContain("camera=()");
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, one).toContain("frame-ancestors 'none'");
    expect(/script-src[^;]*unsafe-inline/.test(policy), one).toBe(false);
    expect(headers["x-powered-by"], one).toBeUndefined();
    if (!one.startsWith("/api/")) policies.add(policy);
    bodies.push(await response.text());
  }
  // A nonce that repeats is none.
  expect(policies.size).toBe(4);
  const cookie = (await page.context().cookies()).find(({ name }) => name.endsWith("session_token"));
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax" });
  expect(
    (await request.post(`${guarded.url}/api/webhooks/sixtyfour`, { data: "{}" })).headers().location,
  ).toBeUndefined();
  expect(bodies.join("").length).toBeGreaterThan(100_000);
  for (const secret of [...Object.values(SECRETS), "postgres://"]) {
    for (const body of bodies) expect(body.includes(secret)).toBe(false);
    expect(guarded.output().includes(secret)).toBe(false);
  }
});

test("of the server's code and of its secrets nothing is in what browsers load", () => {
  const folder = path.join(PROJECT_DIR, ".next/static");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  expect(files.length).toBeGreaterThan(20);
  const serverOnly =
    /postgres(ql)?:\/\/|pg_advisory|timingSafeEqual|session_token|DATABASE_URL|AUTH_SECRET|CRON_SECRET|sk_whsec_/;
  const found = files.filter((file) => serverOnly.test(readFileSync(path.join(folder, file), "utf8")));
  expect(found).toEqual([]);
});

for (const width of [1440, 390]) {
  test(`signing in, and the settings, are accessible at ${width} px, in light and in dark`, async ({
    page,
    guarded,
  }, testInfo) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${guarded.url}/sign-in?next=/settings/users`);
    await inspect(page, testInfo, "sign-in");
    await signIn(page);
    await expect(page.getByRole("heading", { name: "Users", level: 1 })).toBeVisible();
    await page.getByLabel("Email").fill(`somebody.with.quite.a.long.name.${width}@department.example.com`);
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByRole("status").getByText("/invitations/").textContent();
    await page.getByLabel(`Change ${ADMIN.email}`).click();
    await inspect(page, testInfo, "users");
    for (const name of ["Account", "Retention", "Audit log"]) {
      await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name }).click();
      await expect(page.getByRole("heading", { level: 1, name: name === "Account" ? "ada" : name })).toBeVisible();
      await inspect(page, testInfo, name.toLowerCase().replace(" ", "-"));
    }
    await page.goto(link ?? "");
    await inspect(page, testInfo, "invitation");
  });
}

test("in production without access set up nothing is shown, what to set is said, and webhooks are received", async ({
  page,
  request,
  stack,
}) => {
  const app = await stack.startAppWith({ ACCESS: "" });
  try {
    await page.goto(`${app.url}/tasks/${SOME_ID}`);
    await expect(page.getByRole("alert").filter({ hasText: "Nobody can sign in yet" })).toContainText("AUTH_SECRET");
    const refused = await request.get(`${app.url}/api/tasks`);
    expect(refused.status()).toBe(503);
    expect((await refused.json()).detail).toContain("ADMIN_EMAIL");
    const delivery = await request.post(`${app.url}/api/webhooks/sixtyfour`, { data: "{}" });
    expect(delivery.status()).toBe(401);
  } finally {
    await app.stop();
  }
});
