import type { MigrationState } from "@/db/migration-state";
import type { Env } from "@/lib/env";
import type { DayFigures } from "@/lib/setup/measure-day";
import type { Marks } from "@/lib/setup/read-marks";
import type { SignedDelivery } from "@/lib/setup/read-signers";
import type { BalanceOutcome } from "@/lib/sixtyfour/client";

/**
 * What was found out, or why it was not: slow: no answer in time · unmigrated: its tables are not as this build needs
 * them · failed: see `code`.
 */
export type Fact<T> =
  | { known: true; value: T }
  | { known: false; why: "slow" | "unmigrated" | "failed"; code: string | null };

/** All that the checklist is made of. */
export interface SetupFacts {
  now: Date;
  surroundings: Surroundings;
  balance: Fact<BalanceOutcome>;
  /** The database's clock, in seconds ahead of the app's; that it is known says that it can be reached. */
  databaseSkewSeconds: Fact<number>;
  migrations: Fact<MigrationState>;
  day: Fact<DayFigures>;
  /** Newest first; none are read where there are no two secrets. */
  signers: Fact<SignedDelivery[]>;
  marks: Fact<Marks>;
}

/** The way by which a request reached the app, as its headers tell. */
export interface RequestWay {
  appUrl: string | null;
  host: string;
  /** Of the page that the person came from, where it was one of this app's. */
  refererHost: string | null;
  isHttps: boolean;
  isLoopback: boolean;
  keepAliveSeconds: number;
}

/** What the environment says, without any secret. */
export interface Surroundings {
  access: { mode: "open" } | { mode: "unset"; missing: string[] } | { mode: "sign_in"; hasAdminPassword: boolean };
  isSandbox: boolean;
  isServerless: boolean;
  hasCronSecret: boolean;
  target: Env["webhook"]["target"];
  secretCount: number;
  /** The way by which the request for the checklist came; undefined where none asks. */
  way?: RequestWay | undefined;
}
