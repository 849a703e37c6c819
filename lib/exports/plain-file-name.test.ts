import { expect, test } from "vitest";
import { plainFileName } from "@/lib/exports/plain-file-name";

test.each([
  ["people.csv", "people"],
  ["People of Q3.xlsx", "People of Q3"],
  ["liste für Köln.tsv", "liste für Köln"],
  ["日本.csv", "日本"],
  ["../../etc/passwd", "etc passwd"],
  ["C:\\lists\\new.csv", "C lists new"],
  ['a"; filename="evil.exe', "a ; filename= evil.exe"],
  ["line\r\nbreak\0", "line break"],
  ["gpj.\u202eexe", "gpj. exe"],
  ["lone \ud800", "lone"],
  [".hidden", "hidden"],
  ["~~-- ..", ""],
  ["", ""],
  ["x".repeat(300), "x".repeat(80)],
])("%j becomes %j", (name, plain) => {
  expect(plainFileName(name)).toBe(plain);
});
