DROP INDEX "tasks_with_problem";--> statement-breakpoint
CREATE INDEX "tasks_error_code" ON "tasks" USING btree ("error_code","id") WHERE "tasks"."error_code" is not null;--> statement-breakpoint
CREATE INDEX "tasks_reason" ON "tasks" USING btree (coalesce(left("error_message", 200), "error_code"),"id") WHERE "tasks"."error_code" is not null;