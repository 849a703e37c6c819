CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"task_ids" uuid[] NOT NULL,
	"people" jsonb NOT NULL,
	"step" text DEFAULT 'deliveries' NOT NULL,
	"after" text,
	"found" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"leased_until" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
-- The Idempotency-Key of a program may be an email address, so its hash is stored; lib/submissions/submit-leads.ts makes the
-- same one. The trigger does it for instances of the version before, while they still run: a request that they repeat is then
-- an error at worst, and never submitted twice.
CREATE FUNCTION "hash_request_key"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	new.request_key := 'api:' || encode(sha256(convert_to(new.request_key, 'UTF8')), 'hex');
	RETURN new;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "submissions_hash_request_key" BEFORE INSERT ON "submissions" FOR EACH ROW
WHEN (new.request_key LIKE 'api:%:%') EXECUTE FUNCTION "hash_request_key"();
--> statement-breakpoint
UPDATE "submissions" SET "request_key" = 'api:' || encode(sha256(convert_to("request_key", 'UTF8')), 'hex')
WHERE "request_key" LIKE 'api:%:%';
--> statement-breakpoint
-- Removing a user ends their tokens. Those of users who were removed before 0020 were left without an owner, and worked on.
UPDATE "api_tokens" SET "revoked_at" = now()
FROM "audit_events" AS made
WHERE made.action = 'token.create' AND made.subject_id = "api_tokens"."id"::text AND made.actor_type = 'user'
  AND "api_tokens"."created_by" IS NULL AND "api_tokens"."revoked_at" IS NULL
  AND NOT EXISTS (SELECT FROM "users" WHERE "users"."id" = made.actor_id);
