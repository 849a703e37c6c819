CREATE TABLE "settled_periods" (
	"hours" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"details" jsonb NOT NULL,
	CONSTRAINT "settled_periods_pkey" PRIMARY KEY("hours","starts_at")
);
--> statement-breakpoint
CREATE TABLE "settled_tasks" (
	"hours" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"delivered_via" text,
	"tasks" integer NOT NULL,
	"leads" integer NOT NULL,
	"found" integer NOT NULL,
	"not_found" integer NOT NULL,
	"tasks_found" integer NOT NULL,
	"tasks_not_found" integer NOT NULL,
	"charged_cents" double precision NOT NULL,
	"priced_tasks" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unsettled_hours" (
	"starts_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "tasks_last_polled";--> statement-breakpoint
DROP INDEX "tasks_submission";--> statement-breakpoint
ALTER TABLE "settled_tasks" ADD CONSTRAINT "settled_tasks_period" FOREIGN KEY ("hours","starts_at") REFERENCES "public"."settled_periods"("hours","starts_at") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "settled_tasks_of_period" ON "settled_tasks" USING btree ("hours","starts_at");--> statement-breakpoint
CREATE INDEX "unsettled_hours_starts_at" ON "unsettled_hours" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "tasks_costliest" ON "tasks" USING btree ("charged_cents" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tasks_kind" ON "tasks" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "tasks_not_completed" ON "tasks" USING btree ("status","id") WHERE "tasks"."status" in ('failed', 'cancelled');--> statement-breakpoint
CREATE INDEX "tasks_polled" ON "tasks" USING btree ("delivered_via","id") WHERE "tasks"."delivered_via" in ('poll', 'reconcile');--> statement-breakpoint
CREATE INDEX "tasks_with_problem" ON "tasks" USING btree ("id") WHERE "tasks"."error_code" is not null;--> statement-breakpoint
CREATE INDEX "tasks_fetch_problem" ON "tasks" USING btree ("id") WHERE "tasks"."fetch_problem" is not null;--> statement-breakpoint
CREATE INDEX "tasks_last_polled" ON "tasks" USING btree ("last_polled_at") WHERE "tasks"."last_polled_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_submission" ON "tasks" USING btree ("submission_id","id","status");
--> statement-breakpoint
-- The hour that an id was made in: the first 48 bits of a UUIDv7 are milliseconds.
CREATE FUNCTION "hour_of_id"("id" uuid) RETURNS timestamp with time zone LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 3600000 * 3600)
$$;
--> statement-breakpoint
-- Settling takes the same lock alone and counts only then: it sees all that has changed an hour before, and what comes
-- later finds the hour settled and takes it back. Writers share the lock and only add rows, so none waits for another.
CREATE FUNCTION "unsettle_hour"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	hour timestamp with time zone := public.hour_of_id(coalesce(new.id, old.id));
BEGIN
	PERFORM pg_advisory_xact_lock_shared(64064065);
	INSERT INTO public.unsettled_hours (starts_at)
	SELECT hour WHERE NOT EXISTS (SELECT FROM public.unsettled_hours WHERE starts_at = hour);
	RETURN NULL;
END
$$;
--> statement-breakpoint
-- An hour that ended less than 30 minutes ago is settled by nobody for another 30. One with a task on its way is not
-- settled either: so the end of a running task, and all that is young, costs no more than this condition.
CREATE TRIGGER "tasks_update_unsettles" AFTER UPDATE ON "tasks" FOR EACH ROW WHEN (
	old.status NOT IN ('running', 'submitting')
	AND hour_of_id(old.id) < clock_timestamp() - interval '90 minutes'
	AND (old.status <> new.status OR old.status IN ('completed', 'failed', 'cancelled') AND
		(old.kind, old.delivered_via, old.lead_count, old.found_count, old.charged_cents, old.error_code, old.error_message, old.submitted_at, old.delivered_at)
		IS DISTINCT FROM
		(new.kind, new.delivered_via, new.lead_count, new.found_count, new.charged_cents, new.error_code, new.error_message, new.submitted_at, new.delivered_at))
) EXECUTE FUNCTION "unsettle_hour"();
--> statement-breakpoint
CREATE TRIGGER "tasks_insert_unsettles" AFTER INSERT ON "tasks" FOR EACH ROW
WHEN (hour_of_id(new.id) < clock_timestamp() - interval '90 minutes') EXECUTE FUNCTION "unsettle_hour"();
--> statement-breakpoint
CREATE TRIGGER "tasks_delete_unsettles" AFTER DELETE ON "tasks" FOR EACH ROW
WHEN (hour_of_id(old.id) < clock_timestamp() - interval '90 minutes') EXECUTE FUNCTION "unsettle_hour"();
--> statement-breakpoint
CREATE TRIGGER "deliveries_update_unsettles" AFTER UPDATE OF "outcome" ON "deliveries" FOR EACH ROW
WHEN (old.outcome <> new.outcome AND hour_of_id(old.id) < clock_timestamp() - interval '90 minutes') EXECUTE FUNCTION "unsettle_hour"();
--> statement-breakpoint
CREATE TRIGGER "deliveries_insert_unsettles" AFTER INSERT ON "deliveries" FOR EACH ROW
WHEN (new.outcome <> 'applied' AND hour_of_id(new.id) < clock_timestamp() - interval '90 minutes') EXECUTE FUNCTION "unsettle_hour"();
--> statement-breakpoint
CREATE TRIGGER "deliveries_delete_unsettles" AFTER DELETE ON "deliveries" FOR EACH ROW
WHEN (old.outcome <> 'applied' AND hour_of_id(old.id) < clock_timestamp() - interval '90 minutes') EXECUTE FUNCTION "unsettle_hour"();
