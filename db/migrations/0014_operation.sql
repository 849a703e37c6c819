CREATE TABLE "alarms" (
	"kind" text PRIMARY KEY NOT NULL,
	"raised_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"notified_at" timestamp with time zone,
	"notified" text[] DEFAULT '{}' NOT NULL,
	"leased_until" timestamp with time zone,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sends" ADD COLUMN "traceparent" text;--> statement-breakpoint
CREATE INDEX "submissions_paused" ON "submissions" USING btree ("paused_at") WHERE "submissions"."paused_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("status","kind","created_at") WHERE "tasks"."status" in ('queued', 'submitting', 'unconfirmed', 'running');