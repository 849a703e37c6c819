ALTER TABLE "leads" ADD COLUMN "result_name" text;--> statement-breakpoint
ALTER TABLE "sends" ADD COLUMN "body_sha256" "bytea";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "found_rule" smallint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "verdict" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "score" double precision;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "unrecognized_fields" text[];--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "investigation" json;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "progress" json;--> statement-breakpoint
CREATE INDEX "tasks_to_recount" ON "tasks" USING btree ("id") WHERE "tasks"."status" = 'completed' and coalesce("tasks"."found_rule", 0) < 1;--> statement-breakpoint
CREATE INDEX "tasks_verdict" ON "tasks" USING btree ("verdict","id") WHERE "tasks"."verdict" is not null;--> statement-breakpoint
CREATE INDEX "tasks_score" ON "tasks" USING btree ("score","id") WHERE "tasks"."score" is not null;--> statement-breakpoint
CREATE INDEX "tasks_unrecognized_fields" ON "tasks" USING btree ("id") WHERE "tasks"."unrecognized_fields" is not null;