import { z } from "zod";
import { DatabaseAddressError, readDatabaseUrl } from "@/db/database-address";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@/lib/access/password-length";
import { ConfigError } from "@/lib/errors";

/** What the app needs to know of its surroundings, parsed and normalised. */
export interface Env {
  databaseUrl: string;
  access: Access;
  database: {
    /** Whether a transaction pooler stands before the database; undefined where its address is to tell. */
    isPooled: boolean | undefined;
    keepsStatements: boolean | undefined;
    /** So many connections this process opens at most; undefined leaves it to `db/client.ts`. */
    maxConnections: number | undefined;
  };
  sixtyfour: {
    apiKey: string;
    /** Origin and path prefix, without a trailing slash. */
    apiUrl: string;
    /** The API is on this machine, so it is a stand-in and its results are made up. */
    isSandbox: boolean;
  };
  webhook: {
    /** What we send as `webhook_url`, or why we can't send one. */
    target: WebhookTarget;
    /** A body that is longer is refused before it is read to its end. */
    maxBytes: number;
    /** Bytes of all bodies that this process holds at a time. */
    memoryBytes: number;
    /** How long after a job's end Sixtyfour may still try to deliver; then a webhook counts as lost. */
    deliveryWindowInSeconds: number;
    /** Signing secrets, any of which may have signed a delivery. Empty: deliveries are taken unsigned. */
    secrets: string[];
    /** Key from which the tokens of repeatable requests are derived: the API key, which all instances share. */
    tokenKey: string;
  };
  /** Deliveries are deleted when they are this old; null keeps them forever. */
  retentionInDays: number | null;
  /** The same for rejected deliveries. */
  rejectedRetentionInDays: number | null;
  /** Sixtyfour allows 500 a minute and key; what is left is for whoever else uses the key. */
  requestsPerMinute: number;
  cronSecret: string | undefined;
  /** What a scraper of `/api/metrics` has to know. Undefined refuses everybody. */
  metricsToken: string | undefined;
  alerts: {
    /** Where alarms are sent as JSON, and where as Slack's `{text}`. */
    webhookUrl?: string | undefined;
    slackUrl?: string | undefined;
    /** The dashboard's own origin, for the links in them. */
    appUrl?: string | undefined;
  };
  /** Result links and alert addresses may lead into private networks and to this machine. */
  allowPrivateAddresses: boolean;
  /** Proxies between the internet and this app that add to X-Forwarded-For; 0 counts the connection's own address. */
  trustedProxies: number;
  /** Somebody collects spans; see app/start-tracing.ts. */
  isTraced: boolean;
  port: number;
  /** Idle connections are kept for so long. */
  keepAliveMs: number;
  /** The host ends or freezes the process between requests, so no timer can be relied on. */
  isServerless: boolean;
}

/**
 * Who gets in. open: everybody, for a sandbox on this machine · unset: nobody, until the missing variables are set ·
 * sign_in: people with an account.
 */
export type Access =
  | { mode: "open" }
  | { mode: "unset"; missing: string[] }
  | {
      mode: "sign_in";
      /** Signs cookies and what sign-in by a provider carries along. */
      secret: string;
      /** The origin that providers send people back to. */
      origin: string;
      /** Cookies go over https alone; browsers take localhost for that too. */
      isSecure: boolean;
      /** Whoever has this address is the first admin; without the password, by a provider or an invitation. */
      admin: { email: string; password: string | undefined };
      providers: Partial<Record<ProviderId, { clientId: string; clientSecret: string }>>;
      /** Whose people a provider may bring in; lower case. Others need an invitation. */
      emailDomains: string[];
    };

export type ProviderId = "github" | "google";

export type WebhookTarget =
  | {
      /** May be shown and logged. */
      url: string;
      /** A secret that passes Vercel's protection of a deployment: only the address that Sixtyfour gets may bear it. */
      protectionBypass?: string | undefined;
      missing?: undefined;
    }
  | { url: null; missing: "app_url_unset" | "app_url_not_https" };

const DEFAULT_MEMORY_BYTES = 64_000_000;

export const WEBHOOK_PATH = "/api/webhooks/sixtyfour";

const origin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    context.addIssue("must be an origin such as https://leads.example.com");
    return z.NEVER;
  }
  if (url.pathname !== "/" || url.search || url.hash || url.username) {
    context.addIssue(`must be an origin without a path: use ${url.origin}`);
    return z.NEVER;
  }
  return url.origin;
});

const words = (value: string) =>
  value
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
const httpAddress = (example: string) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
      `must be an http(s) address such as ${example}`,
    );
const postgresAddress = z
  .string()
  .refine((value) => URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol), {
    error: ({ input }) =>
      /^prisma(\+postgres)?:/.test(String(input))
        ? "is an address of Prisma Accelerate's, which only Prisma's client can use. Set the database's own, which begins with postgres://"
        : "must be a Postgres address such as postgres://user:password@host:5432/database",
  });

const trueOrFalse = z.enum(["true", "false"], "must be true or false").transform((value) => value === "true");

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`);

/** Null stands for forever. */
const daysOrForever = z
  .string()
  .regex(/^(\d{1,5}|forever)$/, "must be a whole number of days, or forever")
  .transform((value) => (value === "forever" ? null : Number(value)))
  .refine((days) => days === null || (days >= 1 && days <= 36_500), "must be between 1 and 36500, or forever");

const LOG_LEVELS = ["silent", "error", "info"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const variables = z.object({
  DATABASE_URL: postgresAddress.optional(),
  DATABASE_URL_UNPOOLED: postgresAddress.optional(),
  DATABASE_POOLED: trueOrFalse.optional(),
  DATABASE_PREPARED: trueOrFalse.optional(),
  DATABASE_MAX_CONNECTIONS: wholeNumber(1, 1_000).optional(),
  SIXTYFOUR_API_KEY: z.string().optional(),
  SIXTYFOUR_API_URL: httpAddress("https://api.sixtyfour.ai")
    .transform((value) => value.replace(/\/+$/, ""))
    .default("https://api.sixtyfour.ai"),
  SIXTYFOUR_WEBHOOK_SECRET: z
    .string()
    .transform(words)
    .refine((secrets) => secrets.length > 0, "holds no secret: give one, or several separated by commas, or unset it")
    .default([]),
  WEBHOOK_MAX_BYTES: wholeNumber(1_000, 1_000_000_000).default(10_000_000),
  DELIVERY_WINDOW_SECONDS: wholeNumber(1, 86_400).default(120),
  WEBHOOK_MEMORY_BYTES: wholeNumber(2_000, 100_000_000_000).optional(),
  RETENTION_DAYS: daysOrForever.default(90),
  REJECTED_RETENTION_DAYS: daysOrForever.default(7),
  REQUESTS_PER_MINUTE: wholeNumber(1, 100_000).default(450),
  APP_URL: origin.optional(),
  ACCESS: z.literal("open", 'can only be "open", or unset').optional(),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  ADMIN_EMAIL: z
    .email("must be an email address")
    .transform((value) => value.toLowerCase())
    .optional(),
  ADMIN_PASSWORD: z
    .string()
    .min(MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
    .max(MAX_PASSWORD_LENGTH, `must have at most ${MAX_PASSWORD_LENGTH} characters`)
    .optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  ALLOWED_EMAIL_DOMAINS: z
    .string()
    .transform((value) => words(value).map((domain) => domain.toLowerCase().replace(/^@/, "")))
    .refine(
      (domains) => domains.every((domain) => /^[^@\s]+\.[^@\s]+$/.test(domain)),
      "must be domains such as example.com, separated by commas",
    )
    .default([]),
  CRON_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  ALERT_WEBHOOK_URL: httpAddress("https://alerts.example.com/hook").optional(),
  ALERT_SLACK_URL: httpAddress("https://hooks.slack.com/services/…").optional(),
  ALLOW_PRIVATE_ADDRESSES: trueOrFalse.default(false),
  TRUSTED_PROXIES: wholeNumber(0, 10).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpAddress("http://localhost:4318").optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpAddress("http://localhost:4318/v1/traces").optional(),
  PORT: wholeNumber(1, 65_535).default(3000),
  KEEP_ALIVE_TIMEOUT: wholeNumber(1, 86_400_000).default(910_000),
  NODE_ENV: z.string().optional(),
  /** For `npm run dev -- --tunnel`. */
  LOCALTUNNEL_SERVER: origin.default("https://localtunnel.me"),
  PREVIEW_HAS_OWN_DATABASE: trueOrFalse.default(false),
  /** Set by Vercel: https://vercel.com/docs/environment-variables/system-environment-variables. Its hosts have no scheme. */
  VERCEL: z.string().optional(),
  VERCEL_ENV: z.string().optional(),
  VERCEL_URL: z.string().optional(),
  VERCEL_BRANCH_URL: z.string().optional(),
  VERCEL_PROJECT_PRODUCTION_URL: z.string().optional(),
  VERCEL_AUTOMATION_BYPASS_SECRET: z.string().optional(),
});

/** The variables as given, each checked on its own; what is missing is still undefined. */
export type Variables = z.output<typeof variables>;

/**
 * Checks every variable that is set. An empty value counts as unset, as in `NAME=` of a .env file.
 *
 * @throws ConfigError naming each bad variable and what it must be; a value is never repeated, it may be a secret.
 */
export function parseVariables(source: NodeJS.ProcessEnv): Variables {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const parsed = variables.safeParse(given);
  if (parsed.success) {
    const { DATABASE_URL, DATABASE_URL_UNPOOLED, DATABASE_POOLED } = parsed.data;
    checkDatabaseAddress("DATABASE_URL", DATABASE_URL, DATABASE_POOLED);
    checkDatabaseAddress("DATABASE_URL_UNPOOLED", DATABASE_URL_UNPOOLED, false);
    return parsed.data;
  }
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`).join("\n"));
}

/** An address that can't work is named here, and not by each statement that fails. */
function checkDatabaseAddress(variable: string, url: string | undefined, isPooled: boolean | undefined): void {
  try {
    if (url) readDatabaseUrl(url, isPooled);
  } catch (error) {
    if (!(error instanceof DatabaseAddressError)) throw error;
    throw new ConfigError(`${variable} ${error.message}`, { cause: error });
  }
}

/**
 * The whole environment, or a refusal that names what is missing.
 *
 * @throws ConfigError
 */
export function parseEnv(source: NodeJS.ProcessEnv): Env {
  const given = parseVariables(source);
  const missing = (["DATABASE_URL", "SIXTYFOUR_API_KEY"] as const).filter((name) => !given[name]);
  if (!given.DATABASE_URL || !given.SIXTYFOUR_API_KEY) {
    throw new ConfigError(
      `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set. ` +
        "Set it in the environment or in .env (see .env.example); `npm run dev` needs neither.",
    );
  }
  const isSandbox = isLoopback(new URL(given.SIXTYFOUR_API_URL).hostname);
  return {
    databaseUrl: given.DATABASE_URL,
    access: readAccess(given, isSandbox),
    database: {
      isPooled: given.DATABASE_POOLED,
      keepsStatements: given.DATABASE_PREPARED,
      maxConnections: given.DATABASE_MAX_CONNECTIONS,
    },
    sixtyfour: { apiKey: given.SIXTYFOUR_API_KEY, apiUrl: given.SIXTYFOUR_API_URL, isSandbox },
    webhook: {
      target: webhookTarget(given, isSandbox),
      maxBytes: given.WEBHOOK_MAX_BYTES,
      memoryBytes: readMemoryBytes(given),
      deliveryWindowInSeconds: given.DELIVERY_WINDOW_SECONDS,
      secrets: given.SIXTYFOUR_WEBHOOK_SECRET,
      tokenKey: given.SIXTYFOUR_API_KEY,
    },
    retentionInDays: given.RETENTION_DAYS,
    rejectedRetentionInDays: given.REJECTED_RETENTION_DAYS,
    requestsPerMinute: given.REQUESTS_PER_MINUTE,
    cronSecret: given.CRON_SECRET,
    metricsToken: given.METRICS_TOKEN,
    alerts: { webhookUrl: given.ALERT_WEBHOOK_URL, slackUrl: given.ALERT_SLACK_URL, appUrl: publicOrigin(given) },
    allowPrivateAddresses: given.ALLOW_PRIVATE_ADDRESSES,
    trustedProxies: given.TRUSTED_PROXIES ?? defaultTrustedProxies(given),
    isTraced: Boolean(given.OTEL_EXPORTER_OTLP_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT),
    port: given.PORT,
    keepAliveMs: given.KEEP_ALIVE_TIMEOUT,
    isServerless: isServerless(given),
  };
}

/**
 * Half of the memory is for requests that nothing vouches for yet, and the longest body has to fit into it.
 *
 * @throws ConfigError
 */
function readMemoryBytes({ WEBHOOK_MAX_BYTES: max, WEBHOOK_MEMORY_BYTES: memory }: Variables): number {
  if (memory === undefined) return Math.max(DEFAULT_MEMORY_BYTES, 2 * max);
  if (memory >= 2 * max) return memory;
  throw new ConfigError("WEBHOOK_MEMORY_BYTES must be at least twice WEBHOOK_MAX_BYTES.");
}

/**
 * An open dashboard spends money and shows people's data to whoever finds it, so only one whose API is a sandbox can be.
 *
 * @throws ConfigError where what is set contradicts itself
 */
function readAccess(given: Variables, isSandbox: boolean): Access {
  if (given.ACCESS === "open") {
    if (isSandbox) return { mode: "open" };
    throw new ConfigError("ACCESS=open is for a sandbox API on this machine alone. Unset it, and set up sign-in.");
  }
  const missing = (["AUTH_SECRET", "ADMIN_EMAIL"] as const).filter((name) => !given[name]);
  if (!given.AUTH_SECRET || !given.ADMIN_EMAIL) return { mode: "unset", missing };
  return {
    mode: "sign_in",
    secret: given.AUTH_SECRET,
    origin: publicOrigin(given) ?? `http://localhost:${given.PORT}`,
    isSecure: given.NODE_ENV !== "development",
    admin: { email: given.ADMIN_EMAIL, password: given.ADMIN_PASSWORD },
    providers: {
      ...readProvider(given, "github", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"),
      ...readProvider(given, "google", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    },
    emailDomains: given.ALLOWED_EMAIL_DOMAINS,
  };
}

type Credential = `${"GITHUB" | "GOOGLE"}_CLIENT_${"ID" | "SECRET"}`;

function readProvider(given: Variables, id: ProviderId, idName: Credential, secretName: Credential) {
  const clientId = given[idName];
  const clientSecret = given[secretName];
  if (clientId && clientSecret) return { [id]: { clientId, clientSecret } };
  if (!clientId && !clientSecret) return {};
  throw new ConfigError(
    `${clientId ? secretName : idName} is not set, and the other of the two is. Set both, or none.`,
  );
}

/** Sixtyfour calls https addresses only; a sandbox on this machine can reach us by http as well. */
function webhookTarget(given: Variables, isSandbox: boolean): WebhookTarget {
  const appUrl = publicOrigin(given) ?? (isSandbox ? `http://localhost:${given.PORT}` : undefined);
  if (!appUrl) return { url: null, missing: "app_url_unset" };
  if (!appUrl.startsWith("https:") && !isSandbox) return { url: null, missing: "app_url_not_https" };
  // Vercel protects previews by default and production at a wish, and tells neither.
  const protectionBypass = isServerless(given) ? given.VERCEL_AUTOMATION_BYPASS_SECRET : undefined;
  return { url: `${appUrl}${WEBHOOK_PATH}`, ...(protectionBypass && { protectionBypass }) };
}

/**
 * Where the internet reaches this deployment; no header of a request has a say in it. A preview is only ever known by its
 * own address: APP_URL is often set for all environments, and would bring the preview's webhooks to production.
 */
function publicOrigin(given: Variables): string | undefined {
  if (isPreview(given)) return httpsOrigin(given.VERCEL_BRANCH_URL ?? given.VERCEL_URL);
  if (given.APP_URL) return given.APP_URL;
  return given.VERCEL_ENV === "production" ? httpsOrigin(given.VERCEL_PROJECT_PRODUCTION_URL) : undefined;
}

/** Next serves plain http, so an https address means that a proxy stands in front; and Vercel's own always does. */
function defaultTrustedProxies(given: Variables): number {
  return isServerless(given) || given.APP_URL?.startsWith("https:") ? 1 : 0;
}

/** `vercel env pull` sets VERCEL on a developer's machine as well, where processes live on. */
function isServerless(given: Variables): boolean {
  return given.VERCEL !== undefined && given.VERCEL_ENV !== "development";
}

/** A deployment of a branch, in Vercel's own word; its custom environments are previews as well. */
function isPreview(given: Variables): boolean {
  return given.VERCEL_ENV === "preview";
}

function httpsOrigin(host: string | undefined): string | undefined {
  return host && URL.canParse(`https://${host}`) ? new URL(`https://${host}`).origin : undefined;
}

/** Whether a URL's hostname can only be this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\./.test(hostname);
}

let cached: Env | undefined;

/**
 * This process's environment, parsed once. The only place of the app that reads `process.env`.
 *
 * @throws ConfigError
 */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}

let cachedLogLevel: LogLevel | undefined;

/** How much is logged. It is known also where the rest of the environment is not complete, as in a script. */
export function logLevel(): LogLevel {
  cachedLogLevel ??= variables.shape.LOG_LEVEL.catch("info").parse(process.env.LOG_LEVEL?.trim() || undefined);
  return cachedLogLevel;
}
