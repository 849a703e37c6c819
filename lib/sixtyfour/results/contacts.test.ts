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
  ["an address with a name", "Ada Lovelace <ada@ae.example>", [["ada@ae.example", null, null]]],
  [
    "several in one text",
    "ada@ae.example; byron@ae.example",
    [
      ["ada@ae.example", null, null],
      ["byron@ae.example", null, null],
    ],
  ],
  [
    "an object that says it is a miss",
    [{ email: "ada@ae.example", found: false }],
    [["ada@ae.example", "NOT_FOUND", null]],
  ],
  ["a word for no value", "N/A", []],
  ["nothing", null, []],
])("reads emails given as %s", (_, given, emails) => {
  expect(readEmails(given).found.map(({ address, status, type }) => [address, status, type])).toEqual(emails);
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
  ["2024-05-17", []],
  ["00000000", []],
  ["+1\u2011202\u2011555\u20110143", [["+1-202-555-0143", null]]],
  ["Mobile: +1 202 555 0143", [["+1 202 555 0143", null]]],
  [[{ number: "+1 202 555 0143", status: "INVALID" }], []],
  ["1".repeat(5_000), []],
  ["12345", []],
  [[], []],
  [null, []],
])("reads phones given as %j", (given, phones) => {
  expect(readPhones(given).found.map(({ number, region }) => [number, region])).toEqual(phones);
});

test("entries that say something but are no address or number are kept apart", () => {
  expect(readEmails([["ada@ae.example", "OK"], "ask at the desk", ["", "NOT_FOUND"]]).rest).toEqual([
    "ask at the desk",
  ]);
  expect(readPhones(["+1 202 555 0143", "extension by mail", ""]).rest).toEqual(["extension by mail"]);
});

test("a status beside the address counts where it has none of its own", () => {
  const beside = { type: "PERSONAL", status: "not found" };
  expect(readEmails("ada@ae.example", beside).found).toEqual([
    { address: "ada@ae.example", status: "NOT_FOUND", type: "PERSONAL" },
  ]);
  expect(readEmails([["ada@ae.example", "OK", "COMPANY"]], beside).found[0]).toMatchObject({
    status: "OK",
    type: "COMPANY",
  });
});
