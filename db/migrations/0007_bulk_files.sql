DROP INDEX "tasks_due_send";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "next_fetch_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "rows_stored_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "fetch_problem" text;--> statement-breakpoint
CREATE INDEX "tasks_due_fetch" ON "tasks" USING btree ("next_fetch_at") WHERE "tasks"."next_fetch_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_due_send" ON "tasks" USING btree ("next_send_at") WHERE "tasks"."next_send_at" is not null;