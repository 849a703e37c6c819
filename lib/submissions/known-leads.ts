import { type SQL, sql } from "drizzle-orm";
import { leads } from "@/db/schema";

/** An answer that is older may have gone stale. */
const KNOWN_FOR_DAYS = 30;

/**
 * The id of the latest earlier lead that asked the same, kind and options included, and whose result is at hand; SQL null
 * where there is none. For a query of {@link leads}.
 */
export const knownLeadId: SQL<string | null> = sql`(
  select known.id from leads as known join tasks on tasks.id = known.task_id
  where known.fingerprint = ${leads.fingerprint} and known.submission_id <> ${leads.submissionId}
    and tasks.status = 'completed' and tasks.result is not null and tasks.erased_at is null
    and (tasks.shape <> 'file' or tasks.rows_stored_at is not null)
    and tasks.ended_at > now() - make_interval(days => ${KNOWN_FOR_DAYS})
  order by known.id desc limit 1)`;
