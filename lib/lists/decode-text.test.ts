import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeText } from "@/lib/lists/decode-text";

// Without a euro sign: Node reads Windows-1252 as Latin-1, other than the browsers for which this is.
const TEXT = "Name;Città\r\nJosé Núñez;Zürich";
const CYRILLIC = "Имя;Компания\r\nАнна Ковалёва;Завод 1\r\n";
// Of these 一 and 丁 have a zero in the half where Latin letters have none.
const CHINESE = "姓名,公司\r\n丁一,第一公司\r\n王五,公司\r\n";

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

  test.each([CYRILLIC, CHINESE])("from UTF-16 without a mark in other scripts than Latin: %j", (text) => {
    expect(decodeText(utf16(text, false))).toEqual({ text, encoding: "utf-16le" });
    expect(decodeText(utf16(text, true))).toEqual({ text, encoding: "utf-16be" });
  });

  test("with a stray control character, and of no bytes at all", () => {
    expect(decodeText(new Uint8Array())).toEqual({ text: "", encoding: "utf-8" });
    const text = `Name\n${"Ada\n".repeat(50)}B\0ea\n`;
    expect(decodeText(Buffer.from(text))).toEqual({ text, encoding: "utf-8" });
  });
});

describe("a file that holds no text says so", () => {
  const noise = deflateRawSync(Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * index) % 251)));

  test.each([
    ["a workbook", Buffer.concat([Buffer.from("PK\x03\x04"), noise])],
    ["an old workbook", Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), noise])],
  ])("%s", (_, bytes) => {
    expect(decodeText(bytes)).toEqual({ problem: expect.stringContaining("Save it as CSV") });
  });

  test.each([
    ["a picture", Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"), noise])],
    ["a PDF", Buffer.concat([Buffer.from("%PDF-1.7\n1 0 obj\n<< >>\nstream\n"), noise])],
  ])("%s", (_, bytes) => {
    expect(decodeText(bytes)).toEqual({ problem: expect.stringContaining("no text file") });
  });
});
