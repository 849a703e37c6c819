import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { leads, submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { prepareNextLeads } from "@/lib/pipeline/prepare";
import { storableText } from "@/lib/storable-json";
import type { ApiSubmission } from "@/lib/submissions/api-input";
import { fingerprint } from "@/lib/submissions/fingerprint";
import { shapeFor } from "@/lib/submissions/requests-needed";

const LEADS_PER_STATEMENT = 1_000;

/**
 * Stores a submission that is confirmed as it comes, whole or not at all; its leads then go out like those of any other
 * list. The same key with the same content finds the submission that is there already. Of the key, which may name a lead, a
 * hash is stored.
 *
 * @throws AppError `conflict` where the key names something else
 */
export async function submitLeads(
  context: Context,
  { submission, requestKey: givenKey }: { submission: ApiSubmission; requestKey: string },
): Promise<{ submissionId: string; repeated: boolean }> {
  const requestKey = hashRequestKey(givenKey);
  const contentSha256 = createHash("sha256").update(JSON.stringify(submission)).digest();
  const made = await store(context, submission, requestKey, contentSha256);
  if (made) {
    // The first ones are on their way at once; the rest is made beside the sending, and so are these where this fails: an
    // error now would be taken for "not stored", and a caller without a key would submit, and pay for, the same again.
    await prepareNextLeads(context).catch((error: unknown) => {
      log.error("prepare_failed", error, { submissionId: made });
    });
    return { submissionId: made, repeated: false };
  }
  const [first] = await context.db
    .select({ id: submissions.id, contentSha256: submissions.contentSha256 })
    .from(submissions)
    .where(eq(submissions.requestKey, requestKey));
  if (!first) throw new Error("A submission was there, and is not any more.");
  if (!first.contentSha256 || Buffer.compare(first.contentSha256, contentSha256) !== 0) {
    throw new AppError("conflict", "This Idempotency-Key has been used for something else.");
  }
  return { submissionId: first.id, repeated: true };
}

/** Migration 0021 hashes the keys of before in the same way. */
export function hashRequestKey(requestKey: string): string {
  return `api:${createHash("sha256").update(requestKey).digest("hex")}`;
}

/** @returns null where the key has been used already */
async function store(
  { db }: Context,
  { kind, options, leads: given, name, asFile }: ApiSubmission,
  requestKey: string,
  contentSha256: Buffer,
): Promise<string | null> {
  return db.transaction(async (tx) => {
    const [made] = await tx
      .insert(submissions)
      .values({
        kind,
        source: "api",
        name: storableText(name),
        options: { ...options },
        shape: asFile ? "file" : shapeFor(kind, given.length),
        leadCount: given.length,
        requestKey,
        contentSha256,
        confirmedAt: sql`now()`,
      })
      .onConflictDoNothing({ target: submissions.requestKey })
      .returning({ id: submissions.id });
    if (!made) return null;
    for (let from = 0; from < given.length; from += LEADS_PER_STATEMENT) {
      const part = given.slice(from, from + LEADS_PER_STATEMENT);
      await tx.insert(leads).values(
        part.map(({ fields }, index) => ({
          submissionId: made.id,
          row: from + index,
          fields,
          fingerprint: fingerprint(kind, options, fields),
        })),
      );
    }
    return made.id;
  });
}
