import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  accounts,
  apiTokens,
  auditEvents,
  invitations,
  removedUsers,
  sessions,
  signInAttempts,
  users,
  verifications,
} from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { acceptInvitation } from "@/lib/access/accept-invitation";
import { admit } from "@/lib/access/admit";
import { authOf } from "@/lib/access/auth";
import { changePassword } from "@/lib/access/change-password";
import { endOtherSessions } from "@/lib/access/end-other-sessions";
import { findActor } from "@/lib/access/find-actor";
import { findInvitation, listInvitations, revokeInvitation } from "@/lib/access/invitations";
import { invite } from "@/lib/access/invite";
import { allowAgain, listRemovedUsers } from "@/lib/access/removed-users";
import type { SessionCookie } from "@/lib/access/session-cookies";
import { signIn } from "@/lib/access/sign-in";
import { signOut } from "@/lib/access/sign-out";
import { countAttempt, MAX_ATTEMPTS_PER_ACCOUNT, MAX_ATTEMPTS_PER_ADDRESS } from "@/lib/access/throttle";
import { changeRole, listUsers, removeUser } from "@/lib/access/users";
import { createSessionWatch } from "@/lib/access/watch-sessions";
import type { Actor } from "@/lib/actor";
import { authenticate } from "@/lib/api-tokens/authenticate";
import { createApiToken } from "@/lib/api-tokens/create";
import { listApiTokens } from "@/lib/api-tokens/list";
import { listAudit } from "@/lib/audit/list";
import type { Context } from "@/lib/context";
import type { Access } from "@/lib/env";
import { divertLog } from "@/lib/log";

const ADMIN = { email: "ada@example.com", password: "a few words will do" };
const SIGN_IN: Access = {
  mode: "sign_in",
  secret: "a secret of at least 32 characters",
  origin: "https://leads.example.com",
  isSecure: true,
  admin: ADMIN,
  providers: {},
  emailDomains: ["analytical.example"],
};

let database: TestDatabase;
let context: Context;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  context = { db: database.db, access: SIGN_IN } as Context;
  for (const table of [apiTokens, removedUsers, auditEvents, invitations, sessions, accounts, users, signInAttempts])
    await database.db.delete(table);
});
afterAll(() => database.close());

const enter = (email: string, password: string, address: string | null = null) =>
  signIn(context, { email, password, headers: new Headers({ "user-agent": "Test" }), address });

/** A request of whoever got these cookies. */
const withCookies = (cookies: SessionCookie[]) =>
  new Headers({ cookie: cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; ") });

async function actorAfter(cookies: SessionCookie[]): Promise<Extract<Actor, { type: "user" }>> {
  const actor = await findActor(context, withCookies(cookies));
  if (actor?.type !== "user") throw new Error("Nobody is signed in.");
  return actor;
}

async function addMember(email: string): Promise<Extract<Actor, { type: "user" }>> {
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const { token } = await invite(context, admin, { email, role: "member" });
  await acceptInvitation(context, { token, name: "Grace", password: "the password of grace", address: null });
  return actorAfter(await enter(email, "the password of grace"));
}

test("the first admin comes from the variables, and is made once however many sign in at once", async () => {
  const cookies = await Promise.all([1, 2, 3].map(() => enter(" Ada@Example.com ", ADMIN.password)));
  expect(await actorAfter(cookies[0] ?? [])).toMatchObject({ type: "user", email: ADMIN.email, role: "admin" });
  expect(await listUsers(context)).toMatchObject([{ email: ADMIN.email, role: "admin", sessions: 3 }]);
});

test("a session's cookie is Secure, HttpOnly and SameSite=Lax, and its password is kept as a hash", async () => {
  const [cookie] = await enter(ADMIN.email, ADMIN.password);
  expect(cookie).toMatchObject({
    name: "__Secure-sixtyfour.session_token",
    secure: true,
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    maxAge: 14 * 86_400,
  });
  const [account] = await database.db.select().from(accounts);
  expect(account?.password).not.toContain(ADMIN.password);
});

test("a changed ADMIN_PASSWORD changes nobody's password", async () => {
  await enter(ADMIN.email, ADMIN.password);
  context = { ...context, access: { ...SIGN_IN, admin: { ...ADMIN, password: "another one entirely" } } } as Context;
  await expect(enter(ADMIN.email, "another one entirely")).rejects.toMatchObject({ code: "unauthorized" });
  await enter(ADMIN.email, ADMIN.password);
});

test("a wrong password, an unknown address and no address at all get the same words", async () => {
  const words = async (email: string, password: string) =>
    enter(email, password).catch((error: Error) => error.message);
  const wrong = await words(ADMIN.email, "not the password");
  expect(wrong).toBe("Email or password is wrong.");
  expect(await words("nobody@example.com", "not the password")).toBe(wrong);
  expect(await words("", "")).toBe(wrong);
  expect(await words("not an address", "x".repeat(1_000))).toBe(wrong);
});

test("a cookie that was made up, altered, or whose session ended signs nobody in", async () => {
  const cookies = await enter(ADMIN.email, ADMIN.password);
  const good = withCookies(cookies);
  const actor = await actorAfter(cookies);
  const altered = new Headers({ cookie: (good.get("cookie") ?? "").replace(/.(?=[^.]{20}$)/, "!") });
  expect(await findActor(context, altered)).toBeNull();
  expect(await findActor(context, new Headers({ cookie: "__Secure-sixtyfour.session_token=abc.def" }))).toBeNull();
  expect(await findActor(context, new Headers())).toBeNull();
  const takenAway = await signOut(context, actor, good);
  expect(takenAway).toContainEqual(expect.objectContaining({ name: cookies[0]?.name, value: "", maxAge: 0 }));
  expect(await findActor(context, good)).toBeNull();
});

test("a session ends two weeks after the sign-in, used or not", async () => {
  const cookies = await enter(ADMIN.email, ADMIN.password);
  const [session] = await database.db.select().from(sessions);
  const days = ((session?.expiresAt.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(14);
  await database.db.update(sessions).set({ expiresAt: sql`now() - interval '1 second'` });
  expect(await findActor(context, withCookies(cookies))).toBeNull();
});

test("an account takes a few attempts, then not even the right password, until the time is over", async () => {
  await enter(ADMIN.email, ADMIN.password);
  const attempts = await Promise.allSettled(
    Array.from({ length: MAX_ATTEMPTS_PER_ACCOUNT * 2 }, () => enter(ADMIN.email, "guess")),
  );
  const codes = attempts.map((attempt) => attempt.status === "rejected" && attempt.reason.code);
  expect(codes.filter((code) => code === "unauthorized")).toHaveLength(MAX_ATTEMPTS_PER_ACCOUNT);
  expect(codes.filter((code) => code === "too_many")).toHaveLength(MAX_ATTEMPTS_PER_ACCOUNT);
  await expect(enter(ADMIN.email, ADMIN.password)).rejects.toMatchObject({
    code: "too_many",
    message: expect.stringMatching(/^There were too many attempts\. Try again in 15 minutes\.$/),
  });
  await database.db.update(signInAttempts).set({ windowStartedAt: sql`now() - interval '16 minutes'` });
  await enter(ADMIN.email, ADMIN.password);
});

test("an address takes more attempts, over all accounts, and a good account does not reset it", async () => {
  await enter(ADMIN.email, ADMIN.password, "192.0.2.1");
  for (let index = 1; index < MAX_ATTEMPTS_PER_ADDRESS; index++) {
    await countAttempt(context, { account: `guess${index}@example.com`, address: "192.0.2.1" });
  }
  await expect(enter(ADMIN.email, ADMIN.password, "192.0.2.1")).rejects.toMatchObject({ code: "too_many" });
  await enter(ADMIN.email, ADMIN.password, "192.0.2.2");
});

test("clients whose address is unknown count as one, and a change of password by its account alone", async () => {
  for (let index = 0; index < MAX_ATTEMPTS_PER_ADDRESS; index++) {
    await countAttempt(context, { account: `unknown${index}@example.com`, address: null });
  }
  const attempt = { account: "another@example.com" };
  await expect(countAttempt(context, { ...attempt, address: null })).rejects.toMatchObject({ code: "too_many" });
  await countAttempt(context, attempt);
});

test("all addresses of one IPv6 network count together", async () => {
  for (let index = 0; index < MAX_ATTEMPTS_PER_ADDRESS; index++) {
    await countAttempt(context, { account: `six${index}@example.com`, address: `2001:db8:0:1::${index.toString(16)}` });
  }
  const attempt = { account: "one-more@example.com", address: "2001:db8:0:1:ffff::1" };
  await expect(countAttempt(context, attempt)).rejects.toMatchObject({ code: "too_many" });
  await countAttempt(context, { ...attempt, address: "2001:db8:0:2::1" });
});

test("an invitation works once, for whom it was made, and gives the role that it says", async () => {
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const { token } = await invite(context, admin, { email: " Grace@Example.com", role: "member" });
  const [kept] = await database.db.select().from(invitations);
  expect(Buffer.from(kept?.tokenHash ?? [])).toEqual(createHash("sha256").update(token).digest());
  expect(await findInvitation(context, token)).toEqual({ email: "grace@example.com", role: "member" });

  const accept = () =>
    acceptInvitation(context, { token, name: "Grace", password: "the password of grace", address: null });
  const outcomes = await Promise.allSettled([accept(), accept(), accept()]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await findInvitation(context, token)).toBeNull();
  const grace = await actorAfter(await enter("grace@example.com", "the password of grace"));
  expect(grace).toMatchObject({ name: "Grace", role: "member" });
});

test("a second invitation, a revoked one and one whose time is over end the link", async () => {
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const first = await invite(context, admin, { email: "grace@example.com", role: "member" });
  const second = await invite(context, admin, { email: "grace@example.com", role: "admin" });
  expect(await findInvitation(context, first.token)).toBeNull();
  const [open] = await listInvitations(context);
  expect(open).toMatchObject({ email: "grace@example.com", role: "admin", invitedBy: ADMIN.email });
  await revokeInvitation(context, admin, open?.id ?? "");
  expect(await findInvitation(context, second.token)).toBeNull();
  await expect(revokeInvitation(context, admin, open?.id ?? "")).rejects.toMatchObject({ code: "not_found" });

  const third = await invite(context, admin, { email: "grace@example.com", role: "member" });
  await database.db.update(invitations).set({ expiresAt: sql`now() - interval '1 second'` });
  const late = acceptInvitation(context, { ...third, name: "Grace", password: "long enough for it", address: null });
  await expect(late).rejects.toMatchObject({ code: "not_found" });
  expect((await listUsers(context)).map(({ email }) => email)).toEqual([ADMIN.email]);
});

test("an invitation for somebody who is a user gives a new password and ends their sessions", async () => {
  const grace = await addMember("grace@example.com");
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const { token } = await invite(context, admin, { email: "grace@example.com", role: "member" });
  await acceptInvitation(context, { token, name: "Other", password: "a new one for grace", address: null });
  await expect(enter("grace@example.com", "the password of grace")).rejects.toMatchObject({ code: "unauthorized" });
  const again = await actorAfter(await enter("grace@example.com", "a new one for grace"));
  expect(again).toMatchObject({ id: grace.id, name: "Grace" });
  expect(await database.db.$count(sessions, eq(sessions.userId, grace.id))).toBe(1);
});

test("bad input is told so, and leaves the invitation open", async () => {
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  for (const email of ["", "grace", "grace@", `${"x".repeat(250)}@example.com`]) {
    await expect(invite(context, admin, { email, role: "member" })).rejects.toMatchObject({ code: "invalid_input" });
  }
  await expect(invite(context, admin, { email: "a@example.com", role: "owner" })).rejects.toMatchObject({
    code: "invalid_input",
  });
  const { token } = await invite(context, admin, { email: "grace@example.com", role: "member" });
  for (const given of [
    { name: "Grace", password: "short" },
    { name: "Grace", password: "x".repeat(129) },
    { name: "  ", password: "long enough for it" },
  ]) {
    const accepted = acceptInvitation(context, { token, address: null, ...given });
    await expect(accepted).rejects.toMatchObject({ code: "invalid_input" });
  }
  expect(await findInvitation(context, token)).not.toBeNull();
});

test("a new role and a removal count from the next request", async () => {
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  await addMember("grace@example.com");
  const cookies = await enter("grace@example.com", "the password of grace");
  const grace = await actorAfter(cookies);
  await changeRole(context, admin, { userId: grace.id, role: "admin" });
  expect(await actorAfter(cookies)).toMatchObject({ role: "admin" });
  const lines: string[] = [];
  const endDiversion = divertLog((line) => lines.push(line));
  await removeUser(context, admin, { userId: grace.id });
  endDiversion();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: "user_removed", userId: grace.id, tokens: 0 }]);
  expect(lines.join()).not.toContain("grace@");
  expect(await findActor(context, withCookies(cookies))).toBeNull();
  await expect(enter("grace@example.com", "the password of grace")).rejects.toMatchObject({ code: "unauthorized" });
  const { events } = await listAudit(context, { by: "grace@example.com" });
  expect(events.map(({ action }) => action)).toContain("user.accept");
});

/** Grace, an admin, with a token, an invitation that she issued, and one that is for her. */
async function addAdminWithBelongings() {
  const ada = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const member = await addMember("grace@example.com");
  await changeRole(context, ada, { userId: member.id, role: "admin" });
  const grace = await actorAfter(await enter("grace@example.com", "the password of grace"));
  const { token } = await createApiToken(context, { name: "Hers", actor: grace, scopes: ["read", "submit", "admin"] });
  const issued = await invite(context, grace, { email: "mallory@example.com", role: "admin" });
  const renewed = await invite(context, ada, { email: "grace@example.com", role: "admin" });
  return { ada, grace, token, issued, renewed };
}

test("a removal ends API tokens and open invitations: those that they issued and those for them", async () => {
  const { ada, grace, token, issued, renewed } = await addAdminWithBelongings();
  const others = await createApiToken(context, { name: "Another's", actor: ada });
  const kept = await invite(context, ada, { email: "charles@example.com", role: "member" });
  await removeUser(context, ada, { userId: grace.id });
  expect(await authenticate(context, `Bearer ${token}`)).toBeNull();
  expect((await listApiTokens(context)).find(({ name }) => name === "Hers")?.revokedAt).not.toBeNull();
  expect(await findInvitation(context, issued.token)).toBeNull();
  expect(await findInvitation(context, renewed.token)).toBeNull();
  expect(await authenticate(context, `Bearer ${others.token}`)).not.toBeNull();
  expect(await findInvitation(context, kept.token)).not.toBeNull();
  const { events } = await listAudit(context, { action: "user.remove" });
  expect(events[0]?.detail).toEqual({ email: "grace@example.com", tokens: 1, invitations: 2 });
});

test("whoever is being removed issues nothing at the same moment that outlasts them", async () => {
  const { ada, grace } = await addAdminWithBelongings();
  await Promise.allSettled([
    ...Array.from({ length: 5 }, (_, index) => createApiToken(context, { name: `Late ${index}`, actor: grace })),
    removeUser(context, ada, { userId: grace.id }),
    ...Array.from({ length: 5 }, (_, index) =>
      invite(context, grace, { email: `late${index}@example.com`, role: "admin" }),
    ),
  ]);
  expect((await listApiTokens(context)).filter(({ revokedAt }) => revokedAt === null)).toEqual([]);
  expect(await listInvitations(context)).toEqual([]);
  await expect(createApiToken(context, { name: "Later", actor: grace })).rejects.toMatchObject({
    code: "unauthorized",
  });
});

test("a removed user comes in again by no provider until an admin allows it", async () => {
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const grace = await addMember("grace@analytical.example");
  await database.db.insert(accounts).values({ userId: grace.id, providerId: "github", accountId: "4711" });
  expect(await admit(context, "grace@analytical.example")).toBe("member");
  await removeUser(context, admin, { userId: grace.id });
  expect(await admit(context, "grace@analytical.example")).toBeNull();
  // The same account at the provider under another address of the domain.
  expect(await admit(context, "g.hopper@analytical.example", "github:4711")).toBeNull();
  expect(await admit(context, "g.hopper@analytical.example", "google:4711")).toBe("member");
  expect(await listRemovedUsers(context)).toMatchObject([
    { email: "grace@analytical.example", removedBy: ADMIN.email },
  ]);

  await allowAgain(context, admin, { email: "grace@analytical.example" });
  expect(await admit(context, "grace@analytical.example", "github:4711")).toBe("member");
  expect(await listRemovedUsers(context)).toEqual([]);
  const again = allowAgain(context, admin, { email: "grace@analytical.example" });
  await expect(again).rejects.toMatchObject({ code: "not_found" });
  expect((await listAudit(context, { action: "user.allow" })).events).toHaveLength(1);
});

test("an invitation brings a removed user back, and they are kept out no more", async () => {
  const { ada, grace } = await addAdminWithBelongings();
  await removeUser(context, ada, { userId: grace.id });
  expect(await listRemovedUsers(context)).toHaveLength(1);
  const { token } = await invite(context, ada, { email: "grace@example.com", role: "member" });
  await acceptInvitation(context, { token, name: "Grace", password: "the password of grace", address: null });
  expect(await listRemovedUsers(context)).toEqual([]);
  await enter("grace@example.com", "the password of grace");
});

test("a token's scope admin counts only while its owner is an admin", async () => {
  const { ada, grace, token } = await addAdminWithBelongings();
  expect(await authenticate(context, `Bearer ${token}`, "admin")).not.toBeNull();
  await changeRole(context, ada, { userId: grace.id, role: "member" });
  await expect(authenticate(context, `Bearer ${token}`, "admin")).rejects.toMatchObject({ code: "forbidden" });
  expect(await authenticate(context, `Bearer ${token}`, "submit")).not.toBeNull();
});

test("an answer that lasts is told when its session ends, and others are not", async () => {
  const { ada, grace } = await addAdminWithBelongings();
  const { watch } = createSessionWatch(context);
  const ended: string[] = [];
  const stop = watch(ada.sessionId, () => ended.push("ada"));
  const graceEnded = new Promise<void>((resolve) =>
    watch(grace.sessionId, () => {
      ended.push("grace");
      resolve();
    }),
  );
  await removeUser(context, ada, { userId: grace.id });
  await graceEnded;
  expect(ended).toEqual(["grace"]);
  stop();
});

test("of two admins who remove each other at the same moment one stays", async () => {
  const ada = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const grace = await addMember("grace@example.com");
  await changeRole(context, ada, { userId: grace.id, role: "admin" });
  const outcomes = await Promise.allSettled([
    removeUser(context, ada, { userId: grace.id }),
    changeRole(context, grace, { userId: ada.id, role: "member" }),
  ]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  expect((await listUsers(context)).filter(({ role }) => role === "admin")).toHaveLength(1);
});

test("a changed password ends the other sessions and keeps this one", async () => {
  const here = await enter(ADMIN.email, ADMIN.password);
  const elsewhere = await enter(ADMIN.email, ADMIN.password);
  const actor = await actorAfter(here);
  const change = (current: string, next: string) => changePassword(context, actor, { current, next });
  await expect(change("wrong", "a new one of mine")).rejects.toMatchObject({ code: "invalid_input" });
  await expect(change(ADMIN.password, "short")).rejects.toMatchObject({ code: "invalid_input" });
  expect(await findActor(context, withCookies(elsewhere))).not.toBeNull();
  await change(ADMIN.password, "a new one of mine");
  expect(await findActor(context, withCookies(here))).not.toBeNull();
  expect(await findActor(context, withCookies(elsewhere))).toBeNull();
  await expect(enter(ADMIN.email, ADMIN.password)).rejects.toMatchObject({ code: "unauthorized" });
  await enter(ADMIN.email, "a new one of mine");
  expect(await endOtherSessions(context, actor)).toEqual({ ended: 1 });
  expect(await findActor(context, withCookies(here))).not.toBeNull();
});

test("by a provider come the first admin, who was invited, and people of the allowed domains", async () => {
  expect(await admit(context, ADMIN.email)).toBe("admin");
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  expect(await admit(context, ADMIN.email)).toBeNull();
  expect(await admit(context, "grace@analytical.example")).toBe("member");
  expect(await admit(context, "grace@analytical.example.org")).toBeNull();
  expect(await admit(context, "grace@sub.analytical.example")).toBeNull();
  expect(await admit(context, "grace@example.com")).toBeNull();
  await invite(context, admin, { email: "grace@example.com", role: "admin" });
  expect(await admit(context, "grace@example.com")).toBe("admin");
});

test("whom a provider brings in has accepted the invitation, and its link sets no password for them", async () => {
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  const { token } = await invite(context, admin, { email: "grace@example.com", role: "admin" });
  const { internalAdapter } = await authOf(context).$context;
  const { user } = await internalAdapter.createOAuthUser(
    { email: "grace@example.com", name: "Grace", emailVerified: true },
    { providerId: "github", accountId: "1" },
  );
  await internalAdapter.createSession(user.id);
  expect(await listUsers(context)).toContainEqual(
    expect.objectContaining({ email: "grace@example.com", role: "admin" }),
  );
  expect(await findInvitation(context, token)).toBeNull();
  const { events } = await listAudit(context, { by: "grace@example.com" });
  expect(events.map(({ action }) => action)).toEqual(["session.sign_in"]);
});

test("the audit log has who did what, newest first, and no address that nobody has", async () => {
  await enter(ADMIN.email, "wrong").catch(() => {});
  await enter("my password by mistake", "x").catch(() => {});
  const admin = await actorAfter(await enter(ADMIN.email, ADMIN.password));
  await enter(ADMIN.email, "wrong").catch(() => {});
  await invite(context, admin, { email: "grace@example.com", role: "member" });
  const { events } = await listAudit(context, {});
  expect(events.map(({ action, actorName }) => `${actorName}: ${action}`)).toEqual([
    "ada@example.com: user.invite",
    "ada@example.com: session.refused",
    "ada@example.com: session.sign_in",
    "somebody unknown: session.refused",
    "ada@example.com: session.refused",
  ]);
  expect((await listAudit(context, { action: "user.invite" })).events).toHaveLength(1);
  await expect(listAudit(context, { cursor: "x" })).rejects.toMatchObject({ code: "invalid_input" });
});

test("nobody is needed where no sign-in is, and nobody gets in where it is not set up", async () => {
  expect(await findActor({ ...context, access: { mode: "open" } }, new Headers())).toEqual({ type: "nobody" });
  const unset: Context = { ...context, access: { mode: "unset", missing: ["AUTH_SECRET"] } };
  const cookies = await enter(ADMIN.email, ADMIN.password);
  expect(await findActor(unset, withCookies(cookies))).toBeNull();
  expect(await database.db.$count(verifications)).toBe(0);
});
