import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { openCsv, UnreadableRowsError } from "@/lib/sixtyfour/result-rows";

const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("", " ", '"', '""', ",", "\n", "\r\n", "a\rb", "'", '[{"a": "b"}]', "Müller 😀"),
);
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 2, maxLength: 8 }));
const newline = fc.constantFrom("\n", "\r\n", "\r");

async function read(bytes: Uint8Array, chunkBytes: number): Promise<unknown[][]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const { columns, rows } = await openCsv(chunks());
  const read: unknown[][] = [columns];
  for (let row = await rows.next(); !row.done; row = await rows.next()) read.push(row.value as unknown[]);
  return read;
}

test("each table is read as it was written, however it arrives", async () => {
  const property = fc.asyncProperty(table, newline, fc.boolean(), fc.integer({ min: 1, max: 40 }), async (...given) => {
    const [rows, end, isEnded, chunkBytes] = given;
    const text = Papa.unparse(rows, { newline: end, quotes: true }) + (isEnded ? end : "");
    expect(await read(new TextEncoder().encode(text), chunkBytes)).toEqual(rows);
  });
  await fc.assert(property, { numRuns: 300 });
});

test("a file that is cut off before its last cell is an error, or has too few rows", async () => {
  const property = fc.asyncProperty(table, newline, fc.double({ min: 0, max: 1, noNaN: true }), async (...given) => {
    const [rows, end, share] = given;
    const text = Papa.unparse(rows, { newline: end, quotes: true });
    const lastCell = Papa.unparse([[rows.at(-1)?.at(-1)]], { quotes: true });
    const whole = new TextEncoder().encode(text.slice(0, text.length - lastCell.length - 1));
    const outcome = await read(whole.subarray(0, Math.floor(share * whole.length)), 7).catch((error) => error);
    if (Array.isArray(outcome)) expect(outcome.length).toBeLessThan(rows.length);
    else expect(outcome).toBeInstanceOf(UnreadableRowsError);
  });
  await fc.assert(property, { numRuns: 300 });
});
