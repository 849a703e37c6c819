/** What the audit log tells of, in the words of the log's page. */
export const AUDIT_ACTIONS = {
  "submission.submit": "submitted leads",
  "submission.confirm": "confirmed a list",
  "submission.pause": "paused a submission",
  "submission.resume": "resumed a submission",
  "submission.cancel": "cancelled what was not sent of a submission",
  "submission.retry": "submitted failed leads again",
  "submission.export": "downloaded a submission",
  "task.poll": "polled a task",
  "task.send_again": "sent a task again",
  "task.fetch": "fetched a result file",
  "task.erase": "erased a lead",
  "tasks.poll": "polled selected tasks",
  "tasks.resubmit": "submitted selected leads again",
  "tasks.erase": "erased selected leads",
  "tasks.export": "downloaded tasks",
  "delivery.replay": "replayed a delivery",
  "delivery.attach": "attached a delivery to a task",
  "delivery.dismiss": "took deliveries off what needs a person",
  "token.create": "made an API token",
  "token.revoke": "revoked an API token",
  "user.invite": "invited somebody",
  "user.accept": "accepted an invitation",
  "user.role": "changed a role",
  "user.remove": "removed a user",
  "user.allow": "allowed a removed user again",
  "user.password": "changed their password",
  "invitation.revoke": "revoked an invitation",
  "session.sign_in": "signed in",
  "session.refused": "was refused at sign-in",
  "session.sign_out": "signed out",
  "session.end_others": "signed out elsewhere",
  "setup.preflight": "ran the preflight",
  "retention.set": "set how long deliveries are kept",
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

export const isAuditAction = (value: unknown): value is AuditAction =>
  typeof value === "string" && Object.hasOwn(AUDIT_ACTIONS, value);

export type AuditSubjectType = "task" | "submission" | "delivery" | "token" | "user";

export type AuditDetail = Record<string, string | number | boolean | null>;

/** A line of the log. Times are ISO 8601 in UTC. */
export interface AuditEventView {
  id: string;
  at: string;
  actorType: "user" | "token" | "nobody";
  actorName: string;
  action: string;
  subjectType: string | null;
  subjectId: string | null;
  detail: AuditDetail;
}

export interface AuditPage {
  events: AuditEventView[];
  nextCursor: string | null;
}
