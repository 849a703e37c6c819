import { describe, expect, test } from "vitest";
import { decodeText } from "@/lib/lists/decode-text";

// Without a euro sign: Node reads Windows-1252 as Latin-1, other than the browsers for which this is.
const TEXT = "Name;Città\r\nJosé Núñez;Zürich";

const utf16 = (text: string, isBigEndian: boolean) => {
  const bytes = Buffer.from(text, "utf16le");
  return isBigEndian ? bytes.swap16() : bytes;
};

describe("a file's text is read", () => {
  test.each([
    ["utf-8", Buffer.from(TEXT)],
    ["utf-8", Buffer.from(`\ufeff${TEXT}`)],
    ["utf-16le", utf16(`\ufeff${TEXT}`, false)],
    ["utf-16be", utf16(`\ufeff${TEXT}`, true)],
    ["utf-16le", utf16(TEXT, false)],
    ["utf-16be", utf16(TEXT, true)],
    ["windows-1252", Buffer.from(TEXT, "latin1")],
  ])("from %s (%#)", (encoding, bytes) => {
    expect(decodeText(bytes)).toEqual({ text: TEXT, encoding });
  });

  test("whatever its bytes are, without an error", () => {
    expect(decodeText(new Uint8Array())).toEqual({ text: "", encoding: "utf-8" });
    expect(decodeText(Uint8Array.from([0xc3, 0x28, 0x81])).encoding).toBe("windows-1252");
  });
});
