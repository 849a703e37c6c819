CREATE TABLE "rejected_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"signature" text NOT NULL,
	"token" text NOT NULL,
	"answer" integer NOT NULL,
	"address" text NOT NULL,
	"count" integer NOT NULL,
	"samples" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"last_sample_id" uuid,
	CONSTRAINT "rejected_deliveries_of_minute" UNIQUE("minute","outcome","signature","token","answer","address")
);
--> statement-breakpoint
ALTER TABLE "task_events" DROP CONSTRAINT "task_events_delivery_id_deliveries_id_fk";
--> statement-breakpoint
DROP INDEX "deliveries_received";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "sample_of" uuid;--> statement-breakpoint
ALTER TABLE "settings" ADD COLUMN "rejected_retention_days" integer;--> statement-breakpoint
CREATE INDEX "deliveries_received_at" ON "deliveries" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "deliveries_samples" ON "deliveries" USING btree ("id") WHERE "deliveries"."sample_of" is not null;--> statement-breakpoint
CREATE INDEX "sign_in_attempts_window" ON "sign_in_attempts" USING btree ("window_started_at");--> statement-breakpoint
-- Retention deletes deliveries. The figures of an hour that was settled outlive its rows, so a deletion must not take them back.
DROP TRIGGER "deliveries_delete_unsettles" ON "deliveries";
