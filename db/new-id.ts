import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const BYTES = 16;
/** Drawn for many ids at a time: to draw for each by itself costs the webhook's door more than to read a delivery. */
const pool = new Uint8Array(BYTES * 256);

let used = pool.length;
let msecs = 0;
let seq = 0;

/**
 * A new id: a UUIDv7 (RFC 9562), so that rows by their ids are rows by their time. Who asks for several gets them in
 * order, also within a millisecond.
 */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + BYTES);
  used += BYTES;
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // Leaves as many as it may have to count on within the millisecond.
    seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
  } else {
    seq += 1;
  }
  return v7({ msecs, seq, random });
}
