import { z } from "zod";
import { ConfigError } from "@/lib/errors";

/** How one sandbox behaves. */
export interface SandboxConfig {
  /** 0 takes any free port. */
  port: number;
  /** Signing secrets: one v1 each. None: deliveries go out unsigned. */
  webhookSecrets: string[];
  /** Where accepted jobs outlive the process; undefined keeps them in memory alone. */
  stateFile: string | undefined;
  /** Job durations are divided by it. */
  speed: number;
  /** The wait before the second webhook attempt; each later one is twice as long. */
  retryBaseMs: number;
  /** Answers 429 past this number of requests of a key in a minute; null for no limit. */
  requestsPerMinute: number | null;
  /** How long a link to a result file is good. */
  linkLifetimeMs: number;
}

const DEFAULT_PORT = 6464;
/** As the API documents it. */
export const DEFAULT_LINK_LIFETIME_MS = 15 * 60_000;

const variables = z.object({
  SANDBOX_PORT: z
    .string()
    .regex(/^\d+$/, "must be a port number, or 0 for any free one")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be at most 65535")
    .default(DEFAULT_PORT),
  SANDBOX_WEBHOOK_SECRET: z
    .string()
    .transform((value) =>
      value
        .split(",")
        .map((secret) => secret.trim())
        .filter(Boolean),
    )
    .default([]),
  SANDBOX_STATE_FILE: z.string().optional(),
  SANDBOX_SPEED: z.coerce.number("must be a number").positive("must be more than 0").default(1),
  /** As the API has it: in use where nothing else is said. */
  SANDBOX_RATE_LIMIT: z.coerce.number("must be a number").int("must be a whole number").min(0).default(500),
  SANDBOX_LINK_LIFETIME_MS: z.coerce
    .number("must be a number")
    .min(0, "must not be negative")
    .default(DEFAULT_LINK_LIFETIME_MS),
  SANDBOX_RETRY_BASE_MS: z.coerce.number("must be a number").min(0, "must not be negative").default(1000),
});

/**
 * Reads the sandbox's own variables. An empty value counts as unset, as in `NAME=` of a .env file.
 *
 * @throws ConfigError naming each bad variable and what it must be.
 */
export function readSandboxConfig(source: Record<string, string | undefined> = process.env): SandboxConfig {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`).join("\n"));
  }
  return {
    port: parsed.data.SANDBOX_PORT,
    webhookSecrets: parsed.data.SANDBOX_WEBHOOK_SECRET,
    stateFile: parsed.data.SANDBOX_STATE_FILE,
    speed: parsed.data.SANDBOX_SPEED,
    requestsPerMinute: parsed.data.SANDBOX_RATE_LIMIT || null,
    linkLifetimeMs: parsed.data.SANDBOX_LINK_LIFETIME_MS,
    retryBaseMs: parsed.data.SANDBOX_RETRY_BASE_MS,
  };
}
