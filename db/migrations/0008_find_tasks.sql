CREATE TABLE "saved_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "saved_views_name" UNIQUE("name")
);
--> statement-breakpoint
CREATE INDEX "leads_search" ON "leads" USING gin (to_tsvector('simple', translate(replace(replace(left("fields"::text || ' ' || coalesce("result"::text, ''), 100000), '\n', ' '), 'www.', ' '), '@/+', '   ')));--> statement-breakpoint
CREATE INDEX "tasks_delivered" ON "tasks" USING btree ("delivered_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tasks_search" ON "tasks" USING gin (to_tsvector('simple', translate(replace(replace(left("result"::text, 100000), '\n', ' '), 'www.', ' '), '@/+', '   ')));