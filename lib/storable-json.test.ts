import { describe, expect, test } from "vitest";
import { storableJson, storableText } from "@/lib/storable-json";

describe("storableJson", () => {
  test("replaces only what jsonb can't hold", () => {
    expect(storableJson({ a: "x\0y", b: "\ud800", c: ["\udfff!"] })).toEqual({
      a: "x\ufffdy",
      b: "\ufffd",
      c: ["\ufffd!"],
    });
  });

  test("leaves pairs, escapes and text that looks like an escape alone", () => {
    const value = { emoji: "😀", backslash: "\\u0000", quoted: '"\\"', newline: "a\nb" };
    expect(storableJson(value)).toBe(value);
    expect(storableJson({ both: "\\u0000\0" })).toEqual({ both: "\\u0000\ufffd" });
  });

  test("cleans keys too", () => {
    expect(storableJson({ "k\0": 1 })).toEqual({ "k\ufffd": 1 });
  });
});

test("storableText replaces what a text column can't hold", () => {
  expect(storableText("a\0b\ud800")).toBe("a\ufffdb\ufffd");
});
