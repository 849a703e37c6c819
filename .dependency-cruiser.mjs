/**
 * Which folder may import which: the rules of ARCHITECTURE.md, kept by `npm run deps`. Tests may reach further than the
 * code that they test.
 */

const TESTS = "(\\.test\\.ts$|^(db|lib)/testing\\.ts$)";

/** Of lib, what may run in a browser: types, schemas and words, and nothing that reads the environment or the database. */
const BROWSER_SAFE_LIB = [
  "lib/errors",
  "lib/actor",
  "lib/access/password-length",
  "lib/(attention/attention|audit/audit)-view",
  "lib/deliveries/delivery-(view|words)",
  "lib/sixtyfour/(as-curl|wire|task-kinds|task-options|lead-fields|criterion-scores|published-prices|results|media|same-value)",
  "lib/sixtyfour/results/[a-z-]+",
  "lib/tasks/(found-count|task-draft|task-filter|task-input|task-status|task-view|task-problems|lead-result|lead-row-view)",
  "lib/news/news",
  "lib/(overview/overview|submissions/submission)-view",
  "lib/exports/(compare-results|flatten-result|neutralise-cell)",
  "lib/lists/[a-z-]+",
];
const browserSafe = `^(${BROWSER_SAFE_LIB.join("|")})\\.ts$`;

/** Folders of lib. Each imports from those before it alone, so none imports another back. */
const LIB_FOLDERS = [
  ...["audit", "access", "api-tokens", "health", "news", "sixtyfour"],
  ...["deliveries", "tasks", "alarms", "attention", "periods", "saved-views", "metrics", "output-templates"],
  ...["submissions", "pipeline", "settings", "background"],
  ...["exports", "lists", "openapi", "overview", "setup"],
];

/** Modules of app that run in a browser. Server actions are called from there, and stay on the server. */
const BROWSER =
  "^app/.*_components/|^app/(providers|theme|error|fetch-json|sandbox/faults)\\.tsx?$|^app/.*/(queries|form-state)\\.ts$";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true, dependencyTypesNot: ["type-only"] } },
    {
      name: "no-orphans",
      comment: "A module that nothing imports is dead, unless something runs it.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "/(page|layout|route|error|global-error|forbidden|not-found)\\.tsx?$",
          "^(instrumentation|instrumentation-client|proxy|[^/]+\\.config)\\.ts$",
          "^(scripts|sandbox)/[^/]+\\.ts$",
          "^scripts/(local/next-process|vercel/call-function)\\.mjs$",
          "\\.d\\.ts$",
          "\\.(test|spec)\\.ts$",
          "\\.css$",
        ],
      },
      to: {},
    },
    {
      name: "no-undeclared-packages",
      comment: "Rivals of a benchmark bring packages of their own.",
      severity: "error",
      from: { pathNot: "^bench/rivals/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    },
    {
      name: "no-development-packages-in-production",
      severity: "error",
      from: { path: "^(app|lib|db)/|^instrumentation(-client)?\\.ts$", pathNot: TESTS },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "browser-code-imports-only-what-may-run-there",
      severity: "error",
      from: { path: BROWSER, pathNot: "/polling-banner\\.tsx$" },
      to: { path: "^(db|lib|sandbox|scripts|e2e)/", pathNot: browserSafe, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "what-may-run-in-a-browser-imports-only-its-like",
      severity: "error",
      from: { path: browserSafe },
      to: {
        path: "^(app|db|lib|sandbox|scripts|e2e)/|node_modules/(postgres|drizzle-orm)/",
        pathNot: browserSafe,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "what-may-run-in-a-browser-needs-no-node",
      severity: "error",
      from: { path: browserSafe },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "app-goes-through-lib",
      comment: "No SQL, no driver and no tables in app.",
      severity: "error",
      from: { path: "^app/", pathNot: TESTS },
      to: {
        path: "^(db|sandbox|scripts|e2e)/|node_modules/(postgres|drizzle-orm)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "lib-knows-no-framework",
      severity: "error",
      from: { path: "^lib/", pathNot: TESTS },
      to: { path: "^(app|sandbox|scripts|e2e)/|node_modules/(next|react|react-dom|@tanstack|@mantine)/" },
    },
    {
      name: "sixtyfour-stands-alone",
      comment:
        "lib/sixtyfour knows the wire and nothing of our database; it may log, trace and call the public internet.",
      severity: "error",
      from: { path: "^lib/sixtyfour/", pathNot: TESTS },
      to: {
        path: "^(db/|lib/(?!sixtyfour/|(errors|log|public-fetch|tracing)\\.ts))|node_modules/(postgres|drizzle-orm)/",
      },
    },
    ...LIB_FOLDERS.map((folder, place) => ({
      name: `lib-${folder}-imports-no-later-folder`,
      severity: "error",
      from: { path: `^lib/${folder}/`, pathNot: TESTS },
      to: { path: `^lib/(${LIB_FOLDERS.slice(place + 1).join("|") || "none"})/` },
    })),
    {
      name: "every-folder-of-lib-has-its-place",
      severity: "error",
      from: {},
      to: { path: "^lib/[^/]+/", pathNot: `^lib/(${LIB_FOLDERS.join("|")})/` },
    },
    {
      name: "db-stands-alone",
      severity: "error",
      from: { path: "^db/", pathNot: TESTS },
      to: { path: "^(app|lib|sandbox|scripts|e2e)/" },
    },
    {
      name: "sandbox-knows-the-wire-alone",
      severity: "error",
      from: { path: "^sandbox/", pathNot: TESTS },
      to: { path: "^(app|db|scripts|e2e)/|^lib/(?!sixtyfour/|errors\\.ts)" },
    },
    {
      name: "nothing-deployed-imports-local-tools",
      severity: "error",
      from: { path: "^(app|lib|db)/|^instrumentation(-client)?\\.ts$", pathNot: TESTS },
      to: { path: "^(sandbox|scripts|e2e)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
