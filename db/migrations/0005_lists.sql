CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"prefix" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_tokens_token_hash" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "output_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"fields" json NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "output_templates_name" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "request_pace" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"next_slot_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "request_pace_is_one_row" CHECK ("request_pace"."id" = 1)
);
--> statement-breakpoint
DROP INDEX "tasks_submission";--> statement-breakpoint
ALTER TABLE "leads" ALTER COLUMN "task_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "leads" ALTER COLUMN "position" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "submission_id" uuid;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "row" integer;--> statement-breakpoint
UPDATE "leads" SET "submission_id" = "tasks"."submission_id", "row" = "leads"."position" FROM "tasks" WHERE "tasks"."id" = "leads"."task_id";--> statement-breakpoint
ALTER TABLE "leads" ALTER COLUMN "submission_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "leads" ALTER COLUMN "row" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "cells" json;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "fingerprint" "bytea";--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "reused_lead_id" uuid;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "result" json;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "source" text DEFAULT 'form' NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "options" json DEFAULT '{}'::json NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "shape" text DEFAULT 'single' NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "columns" json;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "lead_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "content_sha256" "bytea";--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "confirmed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "prepared_at" timestamp with time zone;--> statement-breakpoint
UPDATE "submissions" SET "confirmed_at" = "created_at", "prepared_at" = "created_at", "lead_count" = 1;--> statement-breakpoint
INSERT INTO "request_pace" ("id") VALUES (1);--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "paused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "pause_reason" text;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "pause_message" text;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "cancelled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "shape" text DEFAULT 'single' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "lead_count" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "retried_as_id" uuid;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_reused_lead_id_leads_id_fk" FOREIGN KEY ("reused_lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_retried_as_id_tasks_id_fk" FOREIGN KEY ("retried_as_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "leads_fingerprint" ON "leads" USING btree ("fingerprint");--> statement-breakpoint
CREATE INDEX "leads_reused" ON "leads" USING btree ("reused_lead_id") WHERE "leads"."reused_lead_id" is not null;--> statement-breakpoint
CREATE INDEX "submissions_to_prepare" ON "submissions" USING btree ("confirmed_at") WHERE "submissions"."confirmed_at" is not null and "submissions"."prepared_at" is null and "submissions"."cancelled_at" is null;--> statement-breakpoint
CREATE INDEX "tasks_submission" ON "tasks" USING btree ("submission_id","status");--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_place_in_submission" UNIQUE("submission_id","row");--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_pause_has_a_reason" CHECK (("submissions"."paused_at" is null) = ("submissions"."pause_reason" is null));