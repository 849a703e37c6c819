/** admin: all · member: sees everything and submits, but manages neither people nor tokens nor retention. */
export type Role = "admin" | "member";

interface User {
  id: string;
  /** Lower case. */
  email: string;
  name: string;
  role: Role;
}

/** On whose behalf something is done. nobody: where no sign-in is needed. */
export type Actor =
  | ({ type: "user"; sessionId: string } & User)
  | { type: "token"; id: string; name: string }
  | { type: "nobody" };

/** What they are called in the audit log. */
export function actorName(actor: Actor): string {
  switch (actor.type) {
    case "user":
      return actor.email;
    case "token":
      return actor.name;
    case "nobody":
      return "nobody signed in";
  }
}

/** Where no sign-in is needed everybody may do everything. */
export function isAdmin(actor: Actor): boolean {
  return actor.type === "nobody" || (actor.type === "user" && actor.role === "admin");
}
