CREATE TABLE "sends" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"token_hash" "bytea",
	"sixtyfour_task_id" text,
	CONSTRAINT "sends_token_hash" UNIQUE("token_hash"),
	CONSTRAINT "sends_sixtyfour_task_id" UNIQUE("sixtyfour_task_id")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "signature_count" integer;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "signature_age_seconds" integer;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "token" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "flags" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "answer" integer DEFAULT 200 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "handled_ms" integer;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "body_bytes" integer;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "body_sha256" "bytea";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "next_send_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sends" ADD CONSTRAINT "sends_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sends_of_task" ON "sends" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "tasks_due_send" ON "tasks" USING btree ("next_send_at") WHERE "tasks"."status" = 'queued';--> statement-breakpoint
INSERT INTO "sends" ("id", "task_id", "sent_at", "sixtyfour_task_id") SELECT gen_random_uuid(), "id", coalesce("submitted_at", "created_at"), "sixtyfour_task_id" FROM "tasks" WHERE "sixtyfour_task_id" IS NOT NULL;
