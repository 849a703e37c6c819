CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"task_id" uuid,
	"sixtyfour_task_id" text,
	"event_id" text,
	"event_type" text,
	"attempt" integer,
	"status" text,
	"task_type" text,
	"signature" text NOT NULL,
	"outcome" text NOT NULL,
	"headers" jsonb NOT NULL,
	"body" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"fields" json NOT NULL,
	CONSTRAINT "leads_place_in_task" UNIQUE("task_id","position")
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"request_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "submissions_request_key" UNIQUE("request_key")
);
--> statement-breakpoint
CREATE TABLE "task_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"type" text NOT NULL,
	"delivery_id" uuid,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"submission_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"sixtyfour_task_id" text,
	"sixtyfour_status" text,
	"request" json NOT NULL,
	"webhook_requested" boolean DEFAULT false NOT NULL,
	"result" json,
	"error_code" text,
	"error_message" text,
	"charged_cents" double precision,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"submitted_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"delivered_via" text,
	"delivered_attempt" integer,
	"last_polled_at" timestamp with time zone,
	"next_poll_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tasks_sixtyfour_task_id" UNIQUE("sixtyfour_task_id"),
	CONSTRAINT "tasks_ended_at_marks_an_end" CHECK (("tasks"."status" in ('completed', 'failed', 'cancelled')) = ("tasks"."ended_at" is not null)),
	CONSTRAINT "tasks_delivered_is_whole" CHECK (("tasks"."delivered_at" is null) = ("tasks"."delivered_via" is null) and ("tasks"."delivered_at" is null or "tasks"."ended_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_sixtyfour_task" ON "deliveries" USING btree ("sixtyfour_task_id");--> statement-breakpoint
CREATE INDEX "deliveries_task" ON "deliveries" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "deliveries_event" ON "deliveries" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "task_events_of_task" ON "task_events" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "tasks_due_poll" ON "tasks" USING btree ("next_poll_at") WHERE "tasks"."status" = 'running';--> statement-breakpoint
CREATE INDEX "tasks_submitting" ON "tasks" USING btree ("submitted_at") WHERE "tasks"."status" = 'submitting';--> statement-breakpoint
CREATE INDEX "tasks_submission" ON "tasks" USING btree ("submission_id");