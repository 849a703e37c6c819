import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePythonLiteral } from "@/lib/sixtyfour/results/python-literal";

test.each([
  ["['a', 'b']", ["a", "b"]],
  ["[]", []],
  ["{}", {}],
  [" [ 'a' , ] ", ["a"]],
  ["['it\\'s', \"it's\", 'a\\nb', '\\xe9', '\\u00e9', '\\U0001f600']", ["it's", "it's", "a\nb", "é", "é", "😀"]],
  ["[1, -2.5, 3e2, True, False, None, nan]", [1, -2.5, 300, true, false, null, null]],
  ["{'name': 'Ada', 'tags': ['x', ('y', 1)], 7: None}", { name: "Ada", tags: ["x", ["y", 1]], "7": null }],
])("reads %s", (text, value) => {
  expect(parsePythonLiteral(text)).toEqual(value);
});

test.each([
  ["[see the notes]"],
  ["['a'"],
  ["['a']]"],
  ["['a' 'b']"],
  ["['a"],
  ["{'a'}"],
  ["{['a']: 1}"],
  ["['\\U99999999']"],
  ["[__import__('os')]"],
  [""],
  ["[".repeat(100) + "]".repeat(100)],
])("leaves %s alone", (text) => {
  expect(parsePythonLiteral(text)).toBeUndefined();
});

test("never throws, whatever the text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."[]{}()'\"\\,: aT1xu\n") }),
      (text) => void parsePythonLiteral(text),
    ),
  );
});
