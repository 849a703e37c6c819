import { and, eq, gte, inArray, isNotNull, or, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { deliveries, rejectedDeliveries, sends, tasks } from "@/db/schema";
import { batcherPer } from "@/lib/batcher";

type Counts = typeof rejectedDeliveries.$inferInsert;
type Sample = typeof deliveries.$inferInsert;

/** A request that is counted, and the row that it becomes if it is kept whole. */
export interface RejectedRequest {
  outcome: Counts["outcome"];
  answer: number;
  receivedAt: Date;
  /** The client's address as it is counted, see `addressGroup`. */
  address: string;
  /** SHA-256 of the token that it bore; null if it bore none. */
  tokenHash: Buffer | null;
  /** The task_id that its body names; null if it names none, or its body was not read. */
  namedTaskId: string | null;
  delivery: Omit<Sample, "id" | "outcome" | "answer" | "token" | "sampleOf">;
}

/** `deliveryId` is null unless the request was kept as a sample. */
export interface RecordedRejection {
  deliveryId: string | null;
  sixtyfourTaskId: string | null;
  token: Counts["token"];
}

/** Samples a minute by the kind of request; nobody but Sixtyfour can make a signed one. */
const SAMPLES_PER_MINUTE = { signed: 100, rejected: 3, limited: 0, unmatched: 30 };
/** Samples a minute of requests that name one task of ours, or bear its token. */
const SAMPLES_PER_TASK = 3;
/** Number of rows in a minute that have an address of their own; any other address is counted in a row without one. */
const ADDRESSES_PER_MINUTE = 20;

const BATCH = { atOnce: 1, patienceMs: 1_000, most: 50, mostSize: 500_000 };

/**
 * Counts a request that nothing vouches for, and keeps it whole if it is one of the first of its kind in this minute. All
 * requests that wait are stored by one transaction on one connection, so a flood costs deliveries of Sixtyfour nothing.
 */
export const recordRejected = batcherPer(
  (db: Database, requests: RejectedRequest[]) => db.transaction((tx) => recordAll(tx, requests)),
  { ...BATCH, sizeOf: ({ delivery }) => delivery.body.byteLength },
);

async function recordAll(tx: Transaction, requests: RejectedRequest[]): Promise<RecordedRejection[]> {
  const owners = await findOwners(tx, requests);
  const minutes = [...new Set(requests.map(({ receivedAt }) => minuteOf(receivedAt).getTime()))];
  const firstMinute = new Date(Math.min(...minutes));
  const known = await tx
    .select()
    .from(rejectedDeliveries)
    .where(
      inArray(
        rejectedDeliveries.minute,
        minutes.map((minute) => new Date(minute)),
      ),
    );
  const tally = createTally(known, await countSamplesOf(tx, owners, firstMinute));

  const decided = requests.map((request, place) => {
    const owner = owners[place] ?? { token: "none" as const, sixtyfourTaskId: null, isErased: false };
    const { counts, isSample } = tally(request, owner);
    return { request, owner, counts, sampleId: isSample ? newId() : null };
  });
  const ids = await addCounts(tx, decided);
  const samples = decided.flatMap(({ request: { delivery, outcome, answer }, owner, counts, sampleId }) => {
    const sampleOf = ids.get(keyOf(counts));
    if (!sampleId || !sampleOf) return [];
    const sixtyfourTaskId = owner.sixtyfourTaskId ?? delivery.sixtyfourTaskId ?? null;
    const kept = owner.isErased ? { ...delivery, ...NOTHING_OF_THE_LEAD } : delivery;
    return [{ ...kept, id: sampleId, outcome, answer, token: owner.token, sixtyfourTaskId, sampleOf }];
  });
  if (samples.length > 0) await tx.insert(deliveries).values(samples);
  return decided.map(({ sampleId, owner: { token, sixtyfourTaskId } }) => ({
    deliveryId: sampleId,
    token,
    sixtyfourTaskId,
  }));
}

interface Owner {
  token: Counts["token"];
  /** Of the task that its token belongs to, or that it names; null where no task of ours is meant. */
  sixtyfourTaskId: string | null;
  /** The leads of that task were erased: nothing that names them may be stored again. */
  isErased: boolean;
}

const NOTHING_OF_THE_LEAD = { headers: {}, body: new Uint8Array(), bodySha256: null };

/** Finds out for each request whether it bears a token of ours, and whether it is about a task of ours. */
async function findOwners(tx: Transaction, requests: RejectedRequest[]): Promise<Owner[]> {
  const hashes = requests.flatMap(({ tokenHash }) => tokenHash ?? []);
  const named = requests.flatMap(({ namedTaskId }) => namedTaskId ?? []);
  const known =
    hashes.length + named.length === 0
      ? []
      : await tx
          .select({
            tokenHash: sends.tokenHash,
            sixtyfourTaskId: sends.sixtyfourTaskId,
            isErased: sql<boolean>`${tasks.erasedAt} is not null`,
          })
          .from(sends)
          .innerJoin(tasks, eq(tasks.id, sends.taskId))
          .where(or(inArray(sends.tokenHash, hashes), inArray(sends.sixtyfourTaskId, named)));
  return requests.map(({ tokenHash, namedTaskId }) => {
    const byToken = tokenHash && known.find((send) => send.tokenHash && tokenHash.equals(send.tokenHash));
    const byName = namedTaskId && known.find(({ sixtyfourTaskId }) => sixtyfourTaskId === namedTaskId);
    const owner = byName || byToken;
    const token = byToken ? "right" : tokenHash ? "wrong" : "none";
    return { token, sixtyfourTaskId: owner ? owner.sixtyfourTaskId : null, isErased: owner ? owner.isErased : false };
  });
}

/** Counts the samples of this minute for each task that the requests are about. */
async function countSamplesOf(tx: Transaction, owners: Owner[], since: Date): Promise<Map<string, number>> {
  const taskIds = [...new Set(owners.flatMap(({ sixtyfourTaskId }) => sixtyfourTaskId ?? []))];
  if (taskIds.length === 0) return new Map();
  const rows = await tx
    .select({ sixtyfourTaskId: deliveries.sixtyfourTaskId, samples: sql<number>`count(*)::int` })
    .from(deliveries)
    .where(
      and(
        inArray(deliveries.sixtyfourTaskId, taskIds),
        isNotNull(deliveries.sampleOf),
        gte(deliveries.receivedAt, since),
      ),
    )
    .groupBy(deliveries.sixtyfourTaskId);
  return new Map(rows.map(({ sixtyfourTaskId, samples }) => [sixtyfourTaskId ?? "", samples]));
}

type Group = Pick<Counts, "minute" | "outcome" | "signature" | "token" | "answer" | "address">;

/** Decides for one request after the other in which row it is counted, and whether it is kept whole. */
function createTally(known: (Group & { samples: number })[], samplesOfTask: Map<string, number>) {
  const samplesOf = new Map<string, number>();
  const rows = new Map<number, Set<string>>();
  const add = (group: Group, samples: number) => {
    const ofMinute = rows.get(group.minute.getTime()) ?? new Set<string>();
    if (group.address !== "") ofMinute.add(keyOf(group));
    rows.set(group.minute.getTime(), ofMinute);
    for (const key of [keyOf(group), reasonOf(group)]) samplesOf.set(key, (samplesOf.get(key) ?? 0) + samples);
  };
  for (const row of known) add(row, row.samples);

  return (request: RejectedRequest, owner: Owner): { counts: Group; isSample: boolean } => {
    const { outcome, answer, receivedAt, address, delivery } = request;
    const { signature } = delivery;
    const counts = { minute: minuteOf(receivedAt), outcome, signature, token: owner.token, answer, address };
    const ofMinute = rows.get(counts.minute.getTime());
    if (!ofMinute?.has(keyOf(counts)) && (ofMinute?.size ?? 0) >= ADDRESSES_PER_MINUTE) counts.address = "";
    const most = SAMPLES_PER_MINUTE[kindOf(signature, answer)];
    const ofTask = owner.sixtyfourTaskId === null ? null : (samplesOfTask.get(owner.sixtyfourTaskId) ?? 0);
    // The log shows a row's count beside its newest sample, so each row has one.
    const isFirstOfRow = (samplesOf.get(keyOf(counts)) ?? 0) === 0;
    const isSample =
      isFirstOfRow || (samplesOf.get(reasonOf(counts)) ?? 0) < most || (ofTask !== null && ofTask < SAMPLES_PER_TASK);
    add(counts, isSample ? 1 : 0);
    if (isSample && owner.sixtyfourTaskId !== null && ofTask !== null) {
      samplesOfTask.set(owner.sixtyfourTaskId, ofTask + 1);
    }
    return { counts, isSample };
  };
}

/** Adds up the requests by their rows, and stores the sums by one statement; returns the ids of the rows by their key. */
async function addCounts(
  tx: Transaction,
  decided: { request: RejectedRequest; counts: Group; sampleId: string | null }[],
): Promise<Map<string, string>> {
  const sums = new Map<string, Counts>();
  for (const { request, counts, sampleId } of decided) {
    const { receivedAt } = request;
    const sum = sums.get(keyOf(counts)) ?? { ...counts, count: 0, samples: 0, firstAt: receivedAt, lastAt: receivedAt };
    sum.count += 1;
    if (sampleId) {
      sum.samples += 1;
      sum.lastSampleId = sampleId;
    }
    if (receivedAt < sum.firstAt) sum.firstAt = receivedAt;
    if (receivedAt > sum.lastAt) sum.lastAt = receivedAt;
    sums.set(keyOf(counts), sum);
  }
  // In one order everywhere, so that two instances never wait for each other in a circle.
  const values = [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  const table = rejectedDeliveries;
  const stored = await tx
    .insert(table)
    .values(values)
    .onConflictDoUpdate({
      target: [table.minute, table.outcome, table.signature, table.token, table.answer, table.address],
      set: {
        count: sql`${table.count} + excluded.count`,
        samples: sql`${table.samples} + excluded.samples`,
        firstAt: sql`least(${table.firstAt}, excluded.first_at)`,
        lastAt: sql`greatest(${table.lastAt}, excluded.last_at)`,
        lastSampleId: sql`coalesce(excluded.last_sample_id, ${table.lastSampleId})`,
      },
    })
    .returning();
  return new Map(stored.map((row) => [keyOf(row), row.id]));
}

function kindOf(signature: Counts["signature"], answer: number): keyof typeof SAMPLES_PER_MINUTE {
  if (signature === "valid") return "signed";
  if (answer === 200) return "unmatched";
  return answer === 429 ? "limited" : "rejected";
}

function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000);
}

function reasonOf({ minute, outcome, signature, token, answer }: Omit<Group, "address">): string {
  return [minute.getTime(), outcome, signature, token, answer].join(" ");
}

function keyOf(group: Group): string {
  return `${reasonOf(group)} ${group.address}`;
}
