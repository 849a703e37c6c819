import { describe, expect, test } from "vitest";
import { assessSetup } from "@/lib/setup/assess";
import type { DayFigures } from "@/lib/setup/measure-day";
import type { PreflightReport } from "@/lib/setup/preflight-report";
import type { SignedDelivery } from "@/lib/setup/read-signers";
import type { Fact, SetupFacts, Surroundings } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";

const NOW = new Date("2026-11-26T12:00:00Z");
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const known = <T>(value: T): Fact<T> => ({ known: true, value });
const failed = (code: string | null): Fact<never> => ({ known: false, why: "failed", code });
const slow: Fact<never> = { known: false, why: "slow", code: null };

const DAY: DayFigures = {
  deliveries: 100,
  slowestMs: 40,
  retries: 1,
  duplicates: 2,
  unmatched: 0,
  signatures: { valid: 100, mismatch: 0, missing: 0 },
  newestMatches: true,
  via: { webhook: 99, poll: 0, reconcile: 1 },
};

const PREFLIGHT: PreflightReport = {
  ranAt: NOW.toISOString(),
  sentTo: "https://leads.example/api/webhooks/sixtyfour",
  bodyBytes: 180,
  isSigned: true,
  tookMs: 30,
  answer: { type: "answer", status: 200, form: "ours", host: null, redirect: null, clockSkewSeconds: 0 },
  log: {
    type: "found",
    deliveryId: "0",
    signature: "valid",
    signatureAgeSeconds: 0,
    outcome: "workflow",
    body: "same",
  },
};

/** As it should be in production, but for what a test says. */
function pointsWith(facts: Partial<SetupFacts>, surroundings: Partial<Surroundings> = {}): SetupPoint[] {
  return assessSetup({
    now: NOW,
    surroundings: {
      access: { mode: "sign_in", hasAdminPassword: false },
      isSandbox: false,
      isServerless: true,
      hasCronSecret: true,
      target: { url: "https://leads.example/api/webhooks/sixtyfour" },
      secretCount: 1,
      ...surroundings,
    },
    balance: known({ type: "balance", credits: 1_234.5, clockSkewSeconds: 0 }),
    databaseSkewSeconds: known(0),
    migrations: known({ type: "current" }),
    day: known(DAY),
    signers: known([]),
    marks: known({ cronAt: hoursAgo(20), preflight: PREFLIGHT }),
    ...facts,
  });
}

function point(id: string, ...given: Parameters<typeof pointsWith>): SetupPoint | undefined {
  return pointsWith(...given).find((one) => one.id === id);
}

const ofDay = (figures: Partial<DayFigures>) => ({ day: known({ ...DAY, ...figures }) });

test("where all is as it should be, each point is in order and asks for nothing", () => {
  const open = pointsWith({}).filter(({ state, mend }) => state !== "ok" || mend !== null);
  expect(open).toEqual([]);
});

test("each point that is red or amber says what to do", () => {
  const broken = pointsWith(
    {
      balance: known({ type: "unavailable", reason: "unauthorized" }),
      databaseSkewSeconds: known(400),
      migrations: known({ type: "behind", missing: ["0012_marks"], isEmpty: false }),
      marks: known({ cronAt: null, preflight: { ...PREFLIGHT, log: { type: "missing" } } }),
      ...ofDay({ unmatched: 3, slowestMs: 9_000, retries: 50, via: { webhook: 1, poll: 0, reconcile: 9 } }),
    },
    { secretCount: 0 },
  );
  const needy = broken.filter(({ state }) => state === "bad" || state === "warn");
  expect(needy.length).toBeGreaterThan(7);
  for (const { id, mend } of needy) expect(mend, id).toMatch(/\w+/);
});

test("no two points have one id, and backticks come in pairs", () => {
  const points = pointsWith({});
  expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
  for (const { finding, mend } of points) expect(`${finding}${mend ?? ""}`.split("`").length % 2).toBe(1);
});

describe("the key", () => {
  test("is shown with its balance", () => {
    expect(point("key", {})?.finding).toContain("1,234.5 credits");
  });

  test("in the sandbox says that results are made up", () => {
    expect(point("key", {}, { isSandbox: true })).toMatchObject({
      state: "ok",
      finding: expect.stringMatching(/made up/),
    });
  });

  test.each([
    ["unauthorized", "bad"],
    ["unreachable", "bad"],
    ["timeout", "warn"],
  ] as const)("is %s: %s", (reason, state) => {
    expect(point("key", { balance: known({ type: "unavailable", reason }) })?.state).toBe(state);
  });

  test("without credits is red", () => {
    const balance = known({ type: "balance", credits: 0, clockSkewSeconds: null } as const);
    expect(point("key", { balance })?.state).toBe("bad");
  });

  test("that nobody answers for in time leaves the other points alone", () => {
    const open = pointsWith({ balance: slow }).filter(({ state }) => state !== "ok");
    expect(open.map(({ id }) => id)).toEqual(["key"]);
  });
});

test.each([
  [29, "ok"],
  [30, "warn"],
  [-299, "warn"],
  [300, "bad"],
])("a clock that differs by %i s is %s", (skew, state) => {
  expect(point("clock", { databaseSkewSeconds: known(skew) })?.state).toBe(state);
  const balance = known({ type: "balance", credits: 1, clockSkewSeconds: skew } as const);
  expect(point("clock", { balance })?.state).toBe(state);
});

describe("the public address", () => {
  test("that is missing is amber, since the app polls, and one without TLS is red", () => {
    const missing = (why: "app_url_unset" | "app_url_not_https") => ({ target: { url: null, missing: why } });
    expect(point("address", {}, missing("app_url_unset"))?.state).toBe("warn");
    expect(point("address", {}, missing("app_url_not_https"))?.state).toBe("bad");
    expect(point("preflight", {}, missing("app_url_unset"))).toMatchObject({
      state: "unknown",
      mend: expect.stringMatching(/APP_URL/),
    });
  });

  test.each(["localhost", "127.0.0.1", "10.1.2.3", "192.168.0.7", "172.20.0.1", "leads", "leads.internal"])(
    "%s is red: no other network can reach it",
    (host) => {
      expect(point("address", {}, { target: { url: `https://${host}/hook` } })?.state).toBe("bad");
    },
  );

  test("of this machine is in order where the API is on it as well", () => {
    const target = { url: "http://localhost:3000/api/webhooks/sixtyfour" };
    expect(point("address", {}, { target, isSandbox: true })).toMatchObject({
      state: "ok",
      finding: expect.stringMatching(/http is enough/),
    });
  });

  test("is told without its parameters, which may be secrets", () => {
    const target = { url: "https://leads.example/hook?x-vercel-protection-bypass=hush" };
    expect(JSON.stringify(pointsWith({}, { target }))).not.toContain("hush");
  });
});

test("a preflight is not taken for today's where the address or the secret has changed", () => {
  const state = (surroundings: Partial<Surroundings>) => point("preflight", {}, surroundings)?.state;
  expect(state({ target: { url: "https://other.example/api/webhooks/sixtyfour" } })).toBe("unknown");
  expect(state({ secretCount: 0 })).toBe("unknown");
  expect(point("preflight", { marks: known({ cronAt: null, preflight: null }) })?.state).toBe("unknown");
});

describe("the signing secret", () => {
  const secret = (figures: Partial<DayFigures>) => point("secret", ofDay(figures))?.state;

  test("that is not set is amber", () => {
    expect(point("secret", {}, { secretCount: 0 })?.state).toBe("warn");
  });

  test("that nothing fits, or that nothing is signed by, is red", () => {
    expect(secret({ signatures: { valid: 0, mismatch: 3, missing: 0 }, newestMatches: false })).toBe("bad");
    expect(secret({ signatures: { valid: 0, mismatch: 0, missing: 3 } })).toBe("bad");
  });

  test("that fits no more is amber, and one that a forger tried in vain is in order", () => {
    const signatures = { valid: 90, mismatch: 1, missing: 0 };
    expect(secret({ signatures, newestMatches: false })).toBe("warn");
    expect(secret({ signatures })).toBe("ok");
  });

  test("that nothing has put to the test is in order", () => {
    expect(secret({ signatures: { valid: 0, mismatch: 0, missing: 0 } })).toBe("ok");
  });
});

describe("the rotation of the secret", () => {
  const rotation = (...signedBy: boolean[][]) => {
    const signers = signedBy.map((by, index): SignedDelivery => ({ receivedAt: hoursAgo(index), signedBy: by }));
    return point("rotation", { signers: known(signers) }, { secretCount: 2 });
  };
  const [NEW, OLD, BOTH] = [
    [true, false],
    [false, true],
    [true, true],
  ];

  test("is no point where there is one secret", () => {
    expect(point("rotation", {})).toBeUndefined();
  });

  test("is within its overlap while both sign", () => {
    expect(rotation(BOTH, BOTH, OLD)).toMatchObject({ state: "ok", finding: expect.stringMatching(/^Both sign/) });
  });

  test("is done where all carry the new one and the newest carries it alone", () => {
    expect(rotation(NEW, NEW, BOTH)).toMatchObject({
      state: "warn",
      finding:
        "The last 3 signed deliveries all carry the new one, and the newest carries it alone: it is safe to remove the old one.",
      mend: expect.stringMatching(/SIXTYFOUR_WEBHOOK_SECRET/),
    });
  });

  test("is not done while one of the last needs the old one", () => {
    expect(rotation(NEW, OLD)).toMatchObject({ state: "ok", finding: expect.stringMatching(/leave both/) });
  });

  test("has not begun, or was taken back, where only the old one signs", () => {
    expect(rotation(OLD, OLD, OLD)).toMatchObject({
      state: "warn",
      finding: expect.stringMatching(/since 2 h ago \(3 deliveries\): don’t/),
    });
    expect(rotation(OLD, NEW)).toMatchObject({
      state: "warn",
      finding: expect.stringMatching(/\(1 delivery\): don’t remove it/),
    });
  });

  test("is not judged before anything has come", () => {
    expect(rotation()).toMatchObject({ state: "ok", finding: expect.stringMatching(/leave them/) });
  });
});

describe("the database", () => {
  const down = { day: failed("ECONNREFUSED"), marks: failed("ECONNREFUSED"), migrations: failed("ECONNREFUSED") };

  test("that is down is red by itself, and what hangs on it is not known", () => {
    const points = pointsWith({ ...down, databaseSkewSeconds: failed("ECONNREFUSED") });
    expect(points.filter(({ state }) => state === "bad").map(({ id }) => id)).toEqual(["database"]);
    expect(points.find(({ id }) => id === "cron")?.state).toBe("unknown");
    expect(points.find(({ id }) => id === "key")?.state).toBe("ok");
  });

  test.each([
    ["28P01", /password/],
    ["3D000", /no database of that name/],
    ["ENOTFOUND", /host is not known/],
    ["XX999", /XX999/],
  ])("that refuses with %s is told why", (code, finding) => {
    expect(point("database", { databaseSkewSeconds: failed(code) })).toMatchObject({
      state: "bad",
      finding: expect.stringMatching(finding),
    });
  });

  test("that lacks migrations is red, and one of a newer build is amber", () => {
    const state = (migrations: SetupFacts["migrations"]) => point("migrations", { migrations });
    expect(state(known({ type: "behind", missing: ["0012_marks"], isEmpty: false }))).toMatchObject({
      state: "bad",
      finding: expect.stringMatching(/`0012_marks`/),
      mend: expect.stringMatching(/npm run db:migrate/),
    });
    expect(state(known({ type: "behind", missing: ["a", "b"], isEmpty: true }))?.finding).toContain("never migrated");
    expect(state(known({ type: "ahead", unknownCount: 1 }))?.state).toBe("warn");
  });
});

describe("the scheduler", () => {
  const cron = (cronAt: Date | null, surroundings: Partial<Surroundings> = {}) =>
    point("cron", { marks: known({ cronAt, preflight: null }) }, surroundings)?.state;

  test("is not needed where the app has timers of its own", () => {
    expect(cron(null, { isServerless: false, hasCronSecret: false })).toBe("ok");
  });

  test("must have called within 25 hours, and be let in", () => {
    expect(cron(hoursAgo(24.9))).toBe("ok");
    expect(cron(hoursAgo(25.1))).toBe("warn");
    expect(cron(null)).toBe("warn");
    expect(cron(hoursAgo(1), { hasCronSecret: false })).toBe("bad");
  });
});

describe("Sixtyfour's checklist", () => {
  const state = (id: string, figures: Partial<DayFigures>) => point(id, ofDay(figures))?.state;

  test("measures the slowest answer against 10 seconds", () => {
    expect(state("answers", { slowestMs: null })).toBe("ok");
    expect(state("answers", { slowestMs: 4_999 })).toBe("ok");
    expect(state("answers", { slowestMs: 5_000 })).toBe("warn");
    expect(state("answers", { slowestMs: 10_000 })).toBe("bad");
  });

  test("asks about retries where they are many, and about what matches no task", () => {
    expect(state("retries", { retries: 5 })).toBe("ok");
    expect(state("retries", { retries: 6 })).toBe("warn");
    expect(state("matched", { unmatched: 1 })).toBe("warn");
  });

  test("asks where results came otherwise than by webhook, but not of a few", () => {
    expect(state("share", { via: { webhook: 8, poll: 0, reconcile: 2 } })).toBe("warn");
    expect(state("share", { via: { webhook: 0, poll: 0, reconcile: 5 } })).toBe("bad");
    expect(state("share", { via: { webhook: 0, poll: 0, reconcile: 4 } })).toBe("ok");
  });

  test("says of each of its points that the app does it by itself", () => {
    const own = pointsWith({}).filter(({ group }) => group === "checklist");
    expect(own.length).toBe(6);
    expect(own.every(({ isAutomatic }) => isAutomatic)).toBe(true);
  });
});

test("sign-in is red where nobody gets in, and amber while the first password stands in a variable", () => {
  const signIn = (access: Surroundings["access"]) => point("sign_in", {}, { access });
  expect(signIn({ mode: "open" })?.state).toBe("ok");
  expect(signIn({ mode: "sign_in", hasAdminPassword: false })?.state).toBe("ok");
  expect(signIn({ mode: "sign_in", hasAdminPassword: true })).toMatchObject({
    state: "warn",
    mend: expect.stringContaining("take the variable away"),
  });
  expect(signIn({ mode: "unset", missing: ["AUTH_SECRET"] })).toMatchObject({
    state: "bad",
    mend: expect.stringContaining("`AUTH_SECRET`"),
  });
});

describe("the proxy in front", () => {
  const way = {
    appUrl: "https://leads.example",
    host: "leads.example",
    refererHost: "leads.example",
    isHttps: true,
    isLoopback: false,
    keepAliveSeconds: 910,
  };
  const statesOf = (change: Partial<typeof way> | { appUrl: null } | { refererHost: null }) =>
    pointsWith({}, { isServerless: false, way: { ...way, ...change } })
      .filter(({ id }) => ["https", "host", "keep_alive"].includes(id))
      .map(({ state }) => state);

  test.each([
    [{}, ["ok", "ok", "ok"]],
    [{ isHttps: false }, ["warn", "ok", "ok"]],
    [{ isHttps: false, appUrl: null }, ["bad", "ok", "ok"]],
    [{ isHttps: false, isLoopback: true, host: "localhost:3000", refererHost: null }, ["ok", "ok", "ok"]],
    [{ host: "app:3000" }, ["ok", "bad", "ok"]],
    [{ host: "app:3000", refererHost: null }, ["ok", "warn", "ok"]],
    [{ keepAliveSeconds: 60 }, ["ok", "ok", "warn"]],
  ])("with %j: %j", (change, states) => {
    expect(statesOf(change)).toEqual(states);
  });

  test("is the host's on serverless ones", () => {
    expect(pointsWith({}, { way }).some(({ id }) => id === "keep_alive")).toBe(false);
  });
});
