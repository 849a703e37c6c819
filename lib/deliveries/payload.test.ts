import { expect, test } from "vitest";
import { readPayload } from "@/lib/deliveries/payload";

const read = (text: string, isWhole = true) => readPayload(new TextEncoder().encode(text), isWhole);

test("JSON is indented as JSON.stringify would", () => {
  const value = { a: [1, { b: 'x "{[,:\\' }], c: {}, d: [], e: null };
  expect(read(JSON.stringify(value))).toEqual({
    text: JSON.stringify(value, null, 2),
    isJson: true,
    isCut: false,
    hasInvalidUtf8: false,
  });
});

test("long numbers, repeated keys and the order of keys stay as they came", () => {
  const text = '{"b":12345678901234567890,"1":1.0,"1":2}';
  expect(read(text).text).toBe('{\n  "b": 12345678901234567890,\n  "1": 1.0,\n  "1": 2\n}');
});

test("10,000 levels are shown as they came", () => {
  const text = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  expect(read(text)).toMatchObject({ text, isJson: false });
});

test("what is no JSON is shown as text, without U+0000", () => {
  expect(read("<b>hello</b>\0")).toMatchObject({ text: "<b>hello</b>\ufffd", isJson: false, hasInvalidUtf8: false });
});

test("bytes that are no UTF-8 are replaced, and that is said", () => {
  expect(readPayload(Uint8Array.of(0x61, 0xff, 0x62), true)).toMatchObject({ text: "a\ufffdb", hasInvalidUtf8: true });
});

test("a beginning that ends within a character is no invalid text", () => {
  expect(readPayload(Uint8Array.of(0x61, 0xe2, 0x82), false)).toMatchObject({ text: "a", hasInvalidUtf8: false });
});

test("a long payload is cut, however much longer indenting would make it", () => {
  const levels = 400;
  const text = `${"[".repeat(levels)}${"1,".repeat(50_000)}1${"]".repeat(levels)}`;
  const payload = read(text);
  expect(payload).toMatchObject({ isJson: true, isCut: true });
  expect(payload.text).toHaveLength(200_000);
});
