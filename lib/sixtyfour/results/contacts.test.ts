import { expect, test } from "vitest";
import { readEmails, readPhones } from "@/lib/sixtyfour/results/contacts";

test.each([
  ["a tuple with three items", [["ada@ae.example", "OK", "COMPANY"]], [["ada@ae.example", "OK", "COMPANY"]]],
  ["a tuple with two items", [["ada@ae.example", "UNKNOWN"]], [["ada@ae.example", "UNKNOWN", null]]],
  ["a status in other words", [["ada@ae.example", "Not Found"]], [["ada@ae.example", "NOT_FOUND", null]]],
  ["one tuple that is not in a list", ["ada@ae.example", "ok"], [["ada@ae.example", "OK", null]]],
  ["a plain address", " mailto:ada@ae.example", [["ada@ae.example", null, null]]],
  [
    "plain addresses",
    ["ada@ae.example", "byron@ae.example"],
    [
      ["ada@ae.example", null, null],
      ["byron@ae.example", null, null],
    ],
  ],
  ["objects", [{ email: "ada@ae.example", status: "ok" }], [["ada@ae.example", "OK", null]]],
  ["a list in Python's notation", "[['ada@ae.example', 'OK']]", [["ada@ae.example", "OK", null]]],
  ["a miss", [["", "NOT_FOUND", "COMPANY"]], []],
  ["a miss without an address", [[null, "NOT_FOUND"]], []],
  ["an address that is none", [["unknown", "OK"]], []],
  ["an address without a domain", [["ada@localhost", "OK"]], []],
  ["a word for no value", "N/A", []],
  ["nothing", null, []],
])("reads emails given as %s", (_, given, emails) => {
  expect(readEmails(given).map(({ address, status, type }) => [address, status, type])).toEqual(emails);
});

test.each([
  ["+1 202 555 0143", [["+1 202 555 0143", null]]],
  [14155550100, [["14155550100", null]]],
  [
    ["+1 202 555 0143", "+1 202 555 0199", "+1 202 555 0143"],
    [
      ["+1 202 555 0143", null],
      ["+1 202 555 0199", null],
    ],
  ],
  [
    [
      { number: "+44 7700 900123", region: "GB" },
      { phone: "+1 202 555 0143", region: "" },
    ],
    [
      ["+44 7700 900123", "GB"],
      ["+1 202 555 0143", null],
    ],
  ],
  [
    "+1 202 555 0143, +1 202 555 0199",
    [
      ["+1 202 555 0143", null],
      ["+1 202 555 0199", null],
    ],
  ],
  ["(030) 555-0100 ext. 12", [["(030) 555-0100 ext. 12", null]]],
  ["", []],
  ["N/A", []],
  ["call 2024", []],
  ["12345", []],
  [[], []],
  [null, []],
])("reads phones given as %j", (given, phones) => {
  expect(readPhones(given).map(({ number, region }) => [number, region])).toEqual(phones);
});
