import { betterAuth } from "better-auth/minimal";
import { and, eq, sql } from "drizzle-orm";
import { newId } from "@/db/new-id";
import { invitations, users } from "@/db/schema";
import { admit } from "@/lib/access/admit";
import { authAdapter } from "@/lib/access/auth-adapter";
import { isOpenInvitation } from "@/lib/access/invitations";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@/lib/access/password-length";
import { forgetRemoval } from "@/lib/access/removed-users";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Access } from "@/lib/env";
import { AppError } from "@/lib/errors";

const SESSION_LASTS_IN_SECONDS = 14 * 86_400;

/** The path below which providers send people back; of better-auth's own routes only those are served. */
const AUTH_PATH = "/api/auth";

export type Auth = ReturnType<typeof createAuth>;

const auths = new WeakMap<Context, Auth>();

/**
 * better-auth over our tables, for what it does best: checking passwords, sessions, and sign-in by a provider. Who becomes
 * a user is decided by `admit`, and by invitations.
 *
 * @throws AppError `unavailable` where sign-in is not set up
 */
export function authOf(context: Context): Auth {
  const { access } = context;
  if (access.mode !== "sign_in") throw new AppError("unavailable", "Sign-in is not set up.");
  const auth = auths.get(context) ?? createAuth(context, access);
  auths.set(context, auth);
  return auth;
}

/** Returns an account at a provider as `removed_users` has it: GitHub names it `id`, Google `sub`. */
function accountOf(oauth: { providerId: string; profile?: Record<string, unknown> | undefined } | undefined) {
  const id = oauth?.profile?.id ?? oauth?.profile?.sub;
  return oauth && id !== undefined ? `${oauth.providerId}:${String(id)}` : undefined;
}

function createAuth(context: Context, access: Extract<Access, { mode: "sign_in" }>) {
  return betterAuth({
    appName: "Sixtyfour dashboard",
    baseURL: access.origin,
    basePath: AUTH_PATH,
    secret: access.secret,
    database: authAdapter(context.db),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
    },
    // What a session lasts is counted from the sign-in: a page can't renew a cookie, and half a renewal would be worse.
    session: { expiresIn: SESSION_LASTS_IN_SECONDS, disableSessionRefresh: true },
    socialProviders: access.providers,
    account: { encryptOAuthTokens: true },
    user: {
      additionalFields: { role: { type: "string", required: true, defaultValue: "member", input: false } },
      async validateUserInfo({ user, source }) {
        const email = user.email?.toLowerCase();
        const isKnown = source.action !== "create-user";
        // Providers report addresses that nobody has proved to own.
        if (
          !email ||
          user.emailVerified !== true ||
          !(isKnown || (await admit(context, email, accountOf(source.oauth))))
        ) {
          return { error: "not_admitted" };
        }
      },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user) => ({ data: { ...user, role: (await admit(context, user.email)) ?? "member" } }),
          // Whom a provider brought in needs the link no more, and it must not set a password for them.
          after: async ({ email }) => {
            await forgetRemoval(context.db, email);
            await context.db
              .update(invitations)
              .set({ acceptedAt: sql`now()` })
              .where(and(eq(invitations.email, email), isOpenInvitation));
          },
        },
      },
      session: {
        create: {
          after: async ({ userId }) => {
            const [user] = await context.db.select({ email: users.email }).from(users).where(eq(users.id, userId));
            if (!user) return;
            const actor = { type: "user" as const, id: userId, email: user.email };
            await recordAudit(context, { actor, action: "session.sign_in" });
          },
        },
      },
    },
    onAPIError: { errorURL: `${access.origin}/sign-in` },
    // Attempts are counted in our own table, for each way in: the built-in limit sees only requests to its own routes.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      cookiePrefix: "sixtyfour",
      // It would keep the first entry of X-Forwarded-For, which the client may have made up.
      ipAddress: { disableIpTracking: true },
      useSecureCookies: access.isSecure,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      database: { generateId: newId },
    },
  });
}
