import type { Fact, SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";
import { unknownOf } from "@/lib/setup/unknown-of";

type Verdict = Pick<SetupPoint, "state" | "finding" | "mend">;

/** Whether the database can be reached, and is as this build needs it. */
export function assessDatabase(facts: SetupFacts): SetupPoint[] {
  return [
    { id: "database", group: "database", title: "Connection", ...readReach(facts.databaseSkewSeconds) },
    { id: "migrations", group: "database", title: "Migrations", ...readMigrations(facts) },
  ];
}

function readReach(reach: Fact<number>): Verdict {
  if (reach.known) return { state: "ok", finding: "It answers.", mend: null };
  if (reach.why === "slow") {
    return {
      state: "bad",
      finding: "It did not answer in time.",
      mend: "See whether it is overloaded, or whether a firewall between this app and it swallows connections.",
    };
  }
  return { state: "bad", ...(REFUSALS[reach.code ?? ""] ?? otherRefusal(reach.code)) };
}

const UNKNOWN_AUTHORITY: Pick<Verdict, "finding" | "mend"> = {
  finding: "Its certificate is signed by an authority that this host does not know.",
  mend: "Download the authority’s certificate from your database host, and name the file as `sslrootcert` in `DATABASE_URL`.",
};

/** By the codes of the network, of TLS and of Postgres. */
const REFUSALS: Record<string, Pick<Verdict, "finding" | "mend">> = {
  ECONNREFUSED: {
    finding: "It can’t be reached: nothing listens at its address.",
    mend: "Start the database, or correct host and port in `DATABASE_URL`.",
  },
  ENOTFOUND: {
    finding: "It can’t be reached: the name of its host is not known.",
    mend: "Correct the host in `DATABASE_URL`.",
  },
  CONNECT_TIMEOUT: {
    finding: "It can’t be reached: no connection came about in time.",
    mend: "Let this host through to the database, or correct host and port in `DATABASE_URL`.",
  },
  NO_TLS: {
    finding: "It offers no TLS, which its address asks for.",
    mend: "Turn TLS on at the server, or take `sslmode` from `DATABASE_URL`.",
  },
  DATABASE_SILENT: {
    finding: "It took the connection and did not answer in time.",
    mend: "See whether it is overloaded, or whether a pooler or firewall in between lost the connection. The app has opened another.",
  },
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    finding: "Its certificate is for another host.",
    mend: "Use the host name that the certificate names, or `sslmode=verify-ca`.",
  },
  "28P01": {
    finding: "It refuses the password.",
    mend: "Correct the password in `DATABASE_URL`. Special characters in it must be percent-encoded.",
  },
  "28000": {
    finding: "It refuses this user or this host.",
    mend: "Correct the user in `DATABASE_URL`, add `?sslmode=require` where it wants TLS, or let this host in.",
  },
  "3D000": {
    finding: "The server answers, but there is no database of that name.",
    mend: "Create it, or correct the name at the end of `DATABASE_URL`; then run `npm run db:migrate`.",
  },
  "53300": {
    finding: "It takes no more connections.",
    mend: "Raise its limit, run fewer copies of this app, or set `DATABASE_URL` to a pooler’s address.",
  },
};

function otherRefusal(code: string | null): Pick<Verdict, "finding" | "mend"> {
  return {
    finding: `It could not be asked${code ? ` (${code})` : ""}.`,
    mend: "Look into this app’s log for the cause, and see that `DATABASE_URL` is right.",
  };
}

function readMigrations({ migrations }: SetupFacts): Verdict {
  if (!migrations.known) return unknownOf(migrations);
  const { value } = migrations;
  if (value.type === "current")
    return { state: "ok", finding: "All of this build’s migrations are applied.", mend: null };
  if (value.type === "ahead") {
    return {
      state: "warn",
      finding: `A newer build has migrated it: ${value.unknownCount} ${value.unknownCount === 1 ? "migration is" : "migrations are"} unknown to this one.`,
      mend: "Deploy the newer build here as well.",
    };
  }
  const { missing, isEmpty } = value;
  const [next] = missing;
  return {
    state: "bad",
    finding: isEmpty
      ? "It was never migrated, so there are no tables yet."
      : `It lacks ${missing.length === 1 ? `the migration \`${next}\`` : `${missing.length} migrations, from \`${next}\` on`}.`,
    mend: "Run `npm run db:migrate` with this build and this `DATABASE_URL`.",
  };
}
