import { readFileSync } from "node:fs";
import type { TlsChoice } from "@/db/wire";

/** A database's address as hosts hand it out, read into the words of Postgres' own protocol. */
export interface DatabaseAddress {
  /** Without parameters: the driver would hand each of them to Postgres, which refuses a connection for one it does not know. */
  url: string;
  /** The folder of a Unix socket, where the server is reached by one. */
  socketFolder: string | undefined;
  tls: TlsChoice;
  /** Settings of Postgres for each connection. A transaction pooler takes none. */
  settings: Record<string, string>;
  applicationName: string | undefined;
  connectWithinSeconds: number | undefined;
  maxConnections: number | undefined;
  isPooled: boolean;
  /** Statements are prepared once a connection and kept, so that each takes one round trip. */
  keepsStatements: boolean;
  /** Names of parameters that are without effect here and may well be meant to have one. */
  ignored: string[];
}

/** An address that can't work, with a sentence that follows the name of its variable and repeats no value. */
export class DatabaseAddressError extends Error {
  override readonly name = "DatabaseAddressError";
}

/** Settings of Postgres that an address may hold, by their names in lower case. */
const SETTINGS = new Set([
  "search_path",
  "timezone",
  "datestyle",
  "intervalstyle",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "role",
  "jit",
  "work_mem",
]);

/** Parameters that change nothing for this app: it does the like by itself, or has no part that they are for. */
const WITHOUT_MEANING = new Set([
  // libpq's
  ...["client_encoding", "replication", "sslcompression", "sslsni", "sslcrl", "sslcrldir", "sslcertmode", "passfile"],
  ...["keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "service"],
  ...["krbsrvname", "gsslib", "gssdelegation", "ssl_min_protocol_version", "ssl_max_protocol_version", "require_auth"],
  // Prisma's and node-postgres'
  ...["pool_timeout", "socket_timeout", "statement_cache_size", "max_idle_connection_lifetime", "sslidentity"],
  ...["max_connection_lifetime", "single_use_connections", "uselibpqcompat", "keepalive", "fallback_application_name"],
  // Supabase's, which tell Vercel's integration apart
  ...["supa", "workaround"],
]);

const SSL_MODES: Record<string, Pick<TlsChoice, "when" | "verifies">> = {
  disable: { when: "never", verifies: "none" },
  false: { when: "never", verifies: "none" },
  allow: { when: "preferred", verifies: "none" },
  prefer: { when: "preferred", verifies: "none" },
  require: { when: "required", verifies: "none" },
  true: { when: "required", verifies: "none" },
  "no-verify": { when: "required", verifies: "none" },
  "verify-ca": { when: "required", verifies: "chain" },
  "verify-full": { when: "required", verifies: "name" },
  // Prisma's sslaccept.
  accept_invalid_certs: { when: "required", verifies: "none" },
  strict: { when: "required", verifies: "name" },
};

/**
 * Reads an address as Neon, Supabase, Vercel, Prisma, RDS, Railway and libpq write it. A transaction pooler is told by the
 * marks of those in use: the port of Supabase's, the host names of Supabase's and Neon's, and Prisma's `pgbouncer=true`.
 *
 * @param isToldPooled DATABASE_POOLED, which overrules those marks
 * @throws DatabaseAddressError where it can't work
 */
export function readDatabaseUrl(databaseUrl: string, isToldPooled?: boolean): DatabaseAddress {
  const given = new URL(databaseUrl);
  const parameters = new Map([...given.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const take = (name: string) => {
    const value = parameters.get(name);
    parameters.delete(name);
    return value || undefined;
  };
  const ignored: string[] = [];

  const { url, socketFolder } = readPlace(given, take);
  const isMarked = take("pgbouncer") === "true";
  const isPooled = isToldPooled ?? (isMarked || given.port === "6543" || /(^|[.-])pooler\./.test(given.hostname));
  // Neon's pooler follows a client's statements from server to server; others do so from PgBouncer 1.21 on, or not at all.
  const keepsStatements = take("prepare") !== "false" && (!isPooled || /-pooler\..*\bneon\./.test(given.hostname));
  const tls = readTls(take);

  // The driver signs in without it, as a libpq that is told "prefer" does where the server does not offer it.
  const binding = take("channel_binding");
  if (binding === "require") ignored.push("channel_binding");
  if (take("gssencmode") === "require") {
    throw new DatabaseAddressError(
      "asks for GSSAPI encryption (gssencmode=require), which this app does not have. Use sslmode=verify-full.",
    );
  }
  const session = take("target_session_attrs");
  if (session === "read-only" || session === "standby" || session === "prefer-standby") {
    throw new DatabaseAddressError(
      "asks for a server that only reads (target_session_attrs). Name the primary: this app writes.",
    );
  }

  const settings: Record<string, string> = {};
  const schema = take("schema");
  if (schema !== undefined && schema !== "public") settings.search_path = `"${schema.replaceAll('"', '""')}"`;
  for (const [name, value] of readOptions(take("options"))) {
    if (name !== null && SETTINGS.has(name)) settings[name] = value;
    else ignored.push(name === null ? "options" : `options: ${nameForLog(name)}`);
  }
  const applicationName = take("application_name");
  const connectWithinSeconds = readNumber(take("connect_timeout"), 60);
  const maxConnections = readNumber(take("connection_limit"), 1_000);

  for (const [name, value] of parameters) {
    if (SETTINGS.has(name)) settings[name] = value;
    else if (!WITHOUT_MEANING.has(name)) ignored.push(nameForLog(name));
    else if (name === "supa" || name === "workaround" || name === "pool_timeout") ignored.push(name);
  }
  if (isPooled) {
    if (settings.search_path !== undefined) {
      throw new DatabaseAddressError(
        "asks for a schema or search_path, which a transaction pooler does not pass on. Take it from the address, and set it for the user: alter role … set search_path = ….",
      );
    }
    ignored.push(...Object.keys(settings));
  }
  return {
    url,
    socketFolder,
    tls,
    settings: isPooled ? {} : settings,
    applicationName,
    connectWithinSeconds,
    maxConnections,
    isPooled,
    keepsStatements,
    ignored: [...new Set(ignored)],
  };
}

type Take = (name: string) => string | undefined;

/** Host, port, user, password and database may stand in parameters as well; a host that is a path is a folder. */
function readPlace(given: URL, take: Take): { url: string; socketFolder: string | undefined } {
  const url = new URL(given);
  url.search = "";
  url.hash = "";
  const host = take("host") ?? take("hostaddr") ?? decodeURIComponent(given.hostname);
  if (host.includes(",")) {
    throw new DatabaseAddressError("names several hosts. Name the one that takes writes, or a proxy that finds it.");
  }
  const socketFolder = host.startsWith("/") ? host : undefined;
  url.hostname = socketFolder || !host ? "localhost" : host;
  const parts = { port: take("port"), user: take("user"), password: take("password"), database: take("dbname") };
  if (parts.port) url.port = parts.port;
  if (parts.user) url.username = encodeURIComponent(parts.user);
  if (parts.password) url.password = encodeURIComponent(parts.password);
  if (parts.database) url.pathname = `/${encodeURIComponent(parts.database)}`;
  return { url: url.href, socketFolder };
}

/** As libpq does; with authorities of its own, sslmode=require checks the chain. */
function readTls(take: Take): TlsChoice {
  const ssl = take("ssl");
  const accept = take("sslaccept");
  const mode = take("sslmode") ?? ssl ?? accept;
  const root = take("sslrootcert");
  const isDirect = take("sslnegotiation") === "direct";
  const known = SSL_MODES[mode ?? (root || isDirect ? "verify-full" : "disable")];
  if (!known) {
    throw new DatabaseAddressError(
      `has an sslmode that nobody knows. Use one of ${LIBPQ_SSL_MODES.join(", ")} or no-verify.`,
    );
  }
  const [cert, key] = [readPem("sslcert", take("sslcert")), readPem("sslkey", take("sslkey"))];
  if (take("sslpassword")) {
    throw new DatabaseAddressError(
      "names a password for its key (sslpassword), which this app can't use. Store the key without one.",
    );
  }
  const choice: TlsChoice = { ...known, ...(cert && { cert }), ...(key && { key }) };
  if (isDirect && choice.when === "required") choice.when = "direct";
  if (!root || choice.when === "never") return choice;
  if (root === "system") return { ...choice, when: choice.when === "direct" ? "direct" : "required", verifies: "name" };
  const ca = readPem("sslrootcert", root);
  if (choice.when === "required" && choice.verifies === "none" && mode !== "no-verify" && accept === undefined) {
    choice.verifies = "chain";
  }
  return { ...choice, ...(ca && { ca }) };
}

const LIBPQ_SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

function readPem(name: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DatabaseAddressError(
      `names a file as ${name} that can't be read (${code}). Correct its path, or bring the file here.`,
    );
  }
}

/** `-c name=value` and `--name=value`, as Postgres takes them; the name is null for anything else, such as Neon's `endpoint=…`. */
function readOptions(options: string | undefined): [name: string | null, value: string][] {
  if (options === undefined) return [];
  const words = options.trim().replace(/-c\s+/g, "-c").split(/\s+/);
  return words.map((word) => {
    const [, name, value] = /^(?:-c|--)([\w.-]+)=(.*)$/.exec(word) ?? [];
    return name === undefined || value === undefined ? [null, ""] : [name.toLowerCase().replaceAll("-", "_"), value];
  });
}

/** Zero is libpq's word for "as long as it takes", and nobody's for a number of connections. */
function readNumber(value: string | undefined, max: number): number | undefined {
  if (value === undefined || !/^\d{1,6}$/.test(value) || Number(value) === 0) return undefined;
  return Math.min(Number(value), max);
}

/** A password whose "&" is not encoded ends up in a name. */
function nameForLog(name: string): string {
  return /^[a-z_]{1,40}$/.test(name) ? name : "(unreadable)";
}
