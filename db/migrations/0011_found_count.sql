ALTER TABLE "tasks" ADD COLUMN "found_count" integer;--> statement-breakpoint
-- Until now one word stood for both: who polled stands in the history.
UPDATE "tasks" SET "delivered_via" = 'reconcile'
WHERE "delivered_via" = 'poll' AND 'app' = (
  SELECT "detail" ->> 'by' FROM "task_events"
  WHERE "task_events"."task_id" = "tasks"."id" AND "type" = 'polled'
  ORDER BY "task_events"."id" DESC LIMIT 1
);
