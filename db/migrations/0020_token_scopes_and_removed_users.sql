CREATE TABLE "removed_users" (
	"email" text PRIMARY KEY NOT NULL,
	"provider_accounts" text[] DEFAULT '{}' NOT NULL,
	"removed_by" text NOT NULL,
	"removed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "scopes" text[] DEFAULT '{read,submit}' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "created_by" text;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
-- The audit log knows who made the tokens of before. Those of users who are gone stay without an owner, and keep working.
UPDATE "api_tokens" SET "created_by" = made.actor_name
FROM "audit_events" AS made, "users"
WHERE made.action = 'token.create' AND made.subject_id = "api_tokens"."id"::text
  AND made.actor_type = 'user' AND "users"."id" = made.actor_id AND "users"."email" = made.actor_name;--> statement-breakpoint
-- Retry-After was taken as it came: no send or poll waits for longer than an hour because of one.
UPDATE "tasks" SET "next_send_at" = now() + interval '1 hour'
WHERE "status" = 'queued' AND "error_code" IN ('rate_limited', 'unreachable') AND "next_send_at" > now() + interval '1 hour';--> statement-breakpoint
UPDATE "tasks" SET "next_poll_at" = now() + interval '1 hour'
WHERE "status" = 'running' AND "last_polled_at" IS NOT NULL AND "next_poll_at" > now() + interval '1 hour';
